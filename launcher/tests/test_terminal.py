"""What is printed shows on any terminal."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from launcher.tests.checkout import Checkout

ENCODINGS = ["ascii", "cp1252", "cp437", "latin-1", "utf-8"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_command_fails_for_an_encoding(checkout: Checkout, encoding: str) -> None:
    speech = {"PYTHONIOENCODING": encoding}
    assert checkout.up(BETA_STAND_IN="warns", **speech).returncode == 0
    checkout.ask("beta", "/print/" + quote("caf\u00e9-\u2713-\u4f60-\U0001f642"))
    for command in (["status"], ["logs"], ["--help"], ["stop", "beta"], ["start", "beta"], ["reset"], ["down"]):
        done = checkout.manage(*command, **speech)
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode == (command == ["reset"])
        (done.stdout + done.stderr).encode("ascii" if encoding == "ascii" else "utf-8")


def test_marks_have_plain_stand_ins(checkout: Checkout) -> None:
    done = checkout.up(PYTHONIOENCODING="ascii")
    assert "  + alpha" in done.stdout
    assert "  *  alpha" in checkout.manage("status", PYTHONIOENCODING="ascii").stdout
    assert "  x Nothing" not in done.stderr
    assert checkout.manage("token", "operator", PYTHONIOENCODING="ascii").stderr.startswith("  x There is no operator")
