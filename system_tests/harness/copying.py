"""A copy of this checkout in which anything may be changed: own code, others' packages borrowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher.project import load
from launcher.run.ports import free_base
from launcher.setup import environment
from launcher.setup.frontend import packages_stamp
from launcher.setup.venv import python_stamp

from system_tests.harness.manage import ROOT

PATIENCE = 600.0
"""seconds for one command, on a machine that is busy with other things"""


class Copy:
    """Commands run in it as a person types them; its system has ports of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port_base = free_base(ROOT)
        names = load(ROOT, self.port_base).names
        self._environ = {**environment.of_tests(os.environ, names), "BLOGBUS_PORT_BASE": str(self.port_base)}
        copy_tree(root)

    def run(self, command: str) -> str:
        """What it printed. Raises AssertionError where it fails."""
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.root,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            start_new_session=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout[-8000:]}"
        return done.stdout

    def url(self, service: str, path: str) -> str:
        return f"http://127.0.0.1:{load(self.root, self.port_base).service(service).port}{path}"

    def close(self) -> None:
        self.run("python3 manage_all.py down")


def copy_tree(copy: Path) -> None:
    """What is under version control, or would be; and what was installed, without installing it again."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    _borrow_python(copy)
    _borrow_node(copy)


def _borrow_python(copy: Path) -> None:
    """A virtual environment of its own that finds the copy's packages first, and all others where they are."""
    venv, lender = copy / ".venv", Path(sys.prefix)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    inside = Path("lib") / f"python3.{sys.version_info.minor}" / "site-packages"
    places = (copy / "svc_chassis" / "src", copy / "contracts" / "src", lender / inside)
    (venv / inside / "borrowed.pth").write_text("\n".join(map(str, places)))
    for script in (lender / "bin").iterdir():
        here = venv / "bin" / script.name
        if here.exists() or script.is_dir():
            continue
        content = script.read_bytes()
        if content.startswith(b"#!"):
            here.write_bytes(content.replace(os.fsencode(lender), os.fsencode(venv), 1))
            here.chmod(0o755)
        else:
            here.symlink_to(script)
    for requirements in ("requirements.txt", "requirements-dev.txt"):
        python_stamp(load(copy, 4000), requirements).press()


def _borrow_node(copy: Path) -> None:
    if not packages_stamp(load(ROOT, 4000)).holds:
        return  # then the copy installs its own
    packages = copy / "frontend" / "node_modules"
    packages.mkdir()
    for package in (ROOT / "frontend" / "node_modules").iterdir():
        if package.name == ".bin" or not package.name.startswith("."):
            (packages / package.name).symlink_to(package)
    packages_stamp(load(copy, 4000)).press()
