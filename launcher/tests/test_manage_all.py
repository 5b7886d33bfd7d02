"""The file itself, before anything of ours can be imported."""

from __future__ import annotations

import ast
import subprocess
import sys

from launcher.tests.checkout import ROOT, Checkout

PRETEND = "import runpy, sys; sys.version_info = (3, 8, 1); sys.argv = ['manage_all.py', 'up']; "


def test_it_parses_on_python_3_8() -> None:
    ast.parse((ROOT / "manage_all.py").read_text(), feature_version=(3, 8))


def test_an_old_python_is_told_what_is_needed() -> None:
    code = PRETEND + f"runpy.run_path({str(ROOT / 'manage_all.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Blogbus needs Python 3.11 or newer" in done.stderr
    assert "manage_all.py up" in done.stderr


def test_without_a_command_it_shows_its_help(checkout: Checkout) -> None:
    done = checkout.manage()
    assert done.returncode == 2
    assert "examples:" in done.stdout


def test_ports_beyond_the_last_one_are_refused(checkout: Checkout) -> None:
    done = checkout.manage("up", "--port-base", "65535")
    assert done.returncode == 1
    assert "beta would be on port 65536" in done.stderr
