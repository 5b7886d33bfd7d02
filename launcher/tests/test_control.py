"""The commands for another terminal."""

from __future__ import annotations

import json
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from launcher.tests.checkout import Checkout
from svc_chassis.testing.eventually import eventually

CALM: dict[str, list[str]] = {"warnings": []}
WARNED = {"warnings": ["s1: the bus refuses it", "the moon is full"]}


def test_status_json_is_exactly_what_programs_were_promised(checkout: Checkout) -> None:
    checkout.up("--without", "gamma", BETA_STAND_IN="warns")
    assert json.loads(checkout.manage("status", "--json").stdout) == {
        "services": [
            {"name": "alpha", "pid": checkout.pid("alpha"), "url": _url(checkout, "alpha"), "healthy": True, **CALM},
            {"name": "beta", "pid": checkout.pid("beta"), "url": _url(checkout, "beta"), "healthy": True, **WARNED},
            {"name": "gamma", "pid": None, "url": _url(checkout, "gamma"), "healthy": False, **CALM},
        ]
    }


def test_warnings_of_a_service_that_can_serve_stand_in_the_tables_of_status_and_up(checkout: Checkout) -> None:
    up = checkout.up(BETA_STAND_IN="warns")
    status = checkout.manage("status")
    for shown in (up.stdout, status.stdout):
        lines = [" ".join(line.split()) for line in shown.splitlines() if " ! " in line and "Left out" not in line]
        assert lines == [f"! {warning}" for warning in WARNED["warnings"]]
    assert [line.split()[-1] for line in status.stdout.splitlines() if "http" in line] == ["ready"] * 3


def test_status_says_why_a_service_is_not_ready(checkout: Checkout) -> None:
    checkout.up("--without", "beta")
    starting = checkout.foreground(BETA_STAND_IN="unready")
    eventually(lambda: "503: the moon is not full" in checkout.manage("status").stdout)
    starting.send_signal(signal.SIGTERM)
    assert starting.wait() == 130


def test_a_stopped_service_starts_again_as_up_had_started_it(checkout: Checkout) -> None:
    checkout.up(THROTTLE_WRITES="7")
    before = checkout.pid("beta")
    assert checkout.manage("stop", "beta").returncode == 0
    assert checkout.status()["beta"]["pid"] is None
    assert checkout.manage("start", "beta").returncode == 0
    assert checkout.pid("beta") != before
    assert checkout.ask("beta", "/environ")["THROTTLE_WRITES"] == "7"


def test_restart_gives_a_new_process_and_new_variables_win(checkout: Checkout) -> None:
    checkout.up(THROTTLE_WRITES="7")
    before = checkout.pid("alpha")
    assert checkout.manage("restart", "alpha", THROTTLE_WRITES="8").returncode == 0
    assert checkout.pid("alpha") != before
    assert checkout.ask("alpha", "/environ")["THROTTLE_WRITES"] == "8"


def test_start_of_a_running_service_and_stop_of_a_stopped_one_only_say_so(checkout: Checkout) -> None:
    checkout.up("--without", "gamma")
    assert f"alpha is already running, pid {checkout.pid('alpha')}." in checkout.manage("start", "alpha").stdout
    assert "gamma is not running." in checkout.manage("stop", "gamma").stdout


def test_start_after_a_kill_first_ends_the_workers_that_were_left(checkout: Checkout) -> None:
    checkout.up(BETA_STAND_IN="forks")
    os.kill(checkout.pid("beta"), signal.SIGKILL)
    eventually(lambda: checkout.status()["beta"]["pid"] is None)
    assert len(checkout.left_behind()) == 3
    assert checkout.manage("start", "beta", BETA_STAND_IN="").returncode == 0
    assert len(checkout.left_behind()) == 3
    assert checkout.status()["beta"]["healthy"]


def test_status_tells_a_death_from_a_stop(checkout: Checkout) -> None:
    checkout.up("--without", "gamma")
    os.kill(checkout.pid("beta"), signal.SIGKILL)
    eventually(lambda: "died; see" in checkout.manage("status").stdout)
    assert checkout.manage("status").stdout.count("stopped") == 1


def test_a_service_that_does_not_heed_the_polite_signal_is_killed(checkout: Checkout) -> None:
    checkout.up(ALPHA_STAND_IN="stubborn")
    assert checkout.manage("stop", "alpha").returncode == 0
    assert len(checkout.left_behind()) == 2


def test_down_with_nothing_running_says_so(checkout: Checkout) -> None:
    done = checkout.manage("down")
    assert (done.returncode, done.stdout.strip()) == (0, "Nothing is running.")


def test_logs_of_all_are_prefixed_and_plain_and_of_one_bare(checkout: Checkout) -> None:
    checkout.up()
    assert checkout.manage("logs").stdout.splitlines() == [
        "alpha | alpha begins",
        "beta  | beta begins",
        "gamma | gamma begins",
    ]
    assert checkout.manage("logs", "beta").stdout == "beta begins\n"


def test_the_token_is_the_environments_or_the_generated_one(checkout: Checkout) -> None:
    missing = checkout.manage("token", "operator")
    assert missing.returncode == 1
    assert "There is no operator token yet." in missing.stderr
    (checkout.run_dir / "secrets").mkdir(parents=True)
    (checkout.run_dir / "secrets" / "operator-token").write_text("generated\n")
    assert checkout.manage("token", "operator").stdout == "generated\n"
    assert checkout.manage("token", "operator", OPERATOR_TOKEN="given").stdout == "given\n"
    assert checkout.manage("token", "operator", OPERATOR_TOKEN="ann=hers, ben=his").stdout == "hers\n"


def test_an_unknown_service_is_a_usage_error_that_names_the_known_ones(checkout: Checkout) -> None:
    done = checkout.manage("restart", "delta")
    assert done.returncode == 2
    assert "choose from alpha, beta, gamma" in done.stderr


def _url(checkout: Checkout, name: str) -> str:
    return f"http://localhost:{checkout.port(name)}"


def test_what_is_being_stopped_is_said_to_be(checkout: Checkout) -> None:
    checkout.up(BETA_STAND_IN="stubborn")
    with ThreadPoolExecutor() as elsewhere:
        stopping = elsewhere.submit(checkout.manage, "stop", "beta")
        eventually(lambda: re.search(r"beta +\d+ .* stopping\n", checkout.manage("status").stdout))
        assert stopping.result().returncode == 0
    assert re.search(r"beta +- .* stopped\n", checkout.manage("status").stdout)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("stauts",), "there is no command 'stauts'; --help lists all. Did you mean status?"),
        (("xyz",), "there is no command 'xyz'; --help lists all\n"),
        (("restart", "gama"), "there is no 'gama'; choose from alpha, beta, gamma"),
        (("restart", "gama"), "rabbitmq. Did you mean gamma?"),
        (("up", "--detatch"), "unknown option --detatch. Did you mean --detach?"),
        (("up", "port-base"), "'port-base' is one word too many. Did you mean --port-base?"),
        (("status", "--verbose"), "unknown option --verbose; --help lists all\n"),
        (("--hlep",), "unknown option --hlep. Did you mean --help?"),
        (("token", "opertor"), "there is no 'opertor'; choose from operator, moderator. Did you mean operator?"),
        (("logs", "-n", "-5"), "'-5' is not a whole number from 1"),
        (("logs", "-n", "0"), "'0' is not a whole number from 1"),
        (("logs", "-n", "many"), "'many' is not a whole number from 1"),
    ],
)
def test_a_word_that_is_none_is_a_usage_error_that_names_what_was_meant(
    checkout: Checkout, words: tuple[str, ...], says: str
) -> None:
    done = checkout.manage(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
