"""A checkout in which nothing is installed yet."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from launcher import context
from launcher.run import ports
from launcher.tests.checkout import ROOT, Checkout
from svc_chassis.testing.eventually import eventually

INSTALLS = """
import sys, os
from pathlib import Path
from launcher import context
from launcher.setup import steps
from launcher.terminal import Interrupts
from launcher.setup.steps import Command

here = Path(sys.argv[1])
code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
sleeps = Command((sys.executable, "-c", code), here, os.environ)
with context.held(here / "lock", print, lambda: False) as descriptor:
    steps.run([[steps.Step("It", [sleeps])]], here, Interrupts(), (descriptor,))
"""


@pytest.fixture
def fresh(checkout: Checkout) -> Checkout:
    shutil.rmtree(checkout.root / ".venv")
    return checkout


def test_two_commands_at_once_make_one_environment(fresh: Checkout) -> None:
    """Each has a run directory and ports of its own; what they share is the environment."""
    base = next(base for base in iter(lambda: ports.free_base(fresh.root), None) if abs(base - fresh.base) > 10)
    elsewhere = {"BLOGBUS_RUN_DIR": str(fresh.root / ".other")}
    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(fresh.up, "--no-open")
            other = pool.submit(fresh.manage, "up", "--detach", "--no-open", "--port-base", str(base), **elsewhere)
        both = [one.result(), other.result()]
        said = [done.stdout + done.stderr for done in both]
        assert [done.returncode for done in both] == [0, 0], said
        assert sum("✓ Virtual environment" in text for text in said) == 1
        assert sum("Waiting for another manage_all.py" in text for text in said) == 1
    finally:
        fresh.manage("down", **elsewhere)


def test_an_installer_that_outlives_its_manage_all_keeps_the_next_one_out(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", INSTALLS, str(tmp_path)], cwd=ROOT)
    try:
        orphan = int(eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) or 0)
    finally:
        parent.kill()
        parent.wait()
    assert not context.is_free(tmp_path / "lock")
    os.kill(orphan, signal.SIGKILL)
    eventually(lambda: context.is_free(tmp_path / "lock"))


@pytest.mark.parametrize("command", ["up", "test", "check", "simulate", "catalogue", "new-service", "images"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_installs_nothing(fresh: Checkout, command: str, option: str) -> None:
    (fresh.root / "tools").symlink_to(ROOT / "tools")
    done = fresh.manage(command, option)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: manage_all.py {command}")
    assert not (fresh.root / ".venv").exists()
    assert not fresh.run_dir.exists()
