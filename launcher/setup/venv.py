"""The virtual environment and its packages, each made only if its inputs changed."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from launcher.project import Problem, Project
from launcher.setup import environment
from launcher.setup.preflight import NEEDED_PYTHON
from launcher.setup.steps import Command, Stamp, Step

PIP_KEPT = {
    *("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cert", "client-cert", "proxy"),
    *("timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "keyring-provider"),
}


def python_steps(project: Project, requirements: str) -> list[Step]:
    """The virtual environment with the packages of a requirements file."""
    steps = []
    if not _venv_version(project):
        making = (sys.executable, "-m", "venv", "--clear", ".venv")
        steps.append(Step("Virtual environment", [command(project.root, *making)], missing=lambda: _no_venv(project)))
    stamp = python_stamp(project, requirements)
    if not stamp.holds:
        lock, own = _lock(project.root, requirements), _own_packages(project.root, requirements)
        _check_locked(project.root, requirements, lock)
        packages = Step("Python packages", lambda: [pip(project, "--require-hashes", "-r", str(lock))])
        packages.missing = lambda: _missing_distribution(project, lock)
        steps.append(packages)
        if own:
            editable = [word for package in own for word in ("-e", f"./{package}")]
            # Without isolation: pip would download the build backend, in any version.
            steps.append(Step("Our packages", lambda: [pip(project, "--no-deps", "--no-build-isolation", *editable)]))
        steps[-1].then = stamp.press
    return steps


def _no_venv(project: Project) -> str:
    return "" if _venv_version(project) else "a usable .venv"


def _lock(root: Path, requirements: str) -> Path:
    """The file that pins what a requirements file needs, directly and indirectly, with hashes."""
    return (root / requirements).with_suffix(".lock")


def _check_locked(root: Path, requirements: str, lock: Path) -> None:
    """Raises Problem if a requirement is not in the lock file: then it would not be installed."""
    known, locked = (_names(lock), _pins(lock)) if lock.exists() else (set(), {})
    for file in _included(root, requirements):
        pins = _pins(file)
        for name in sorted(_names(file)):
            pin = pins.get(name, "")
            if name not in known or (pin and locked.get(name, pin) != pin):
                what = f"{requirements} needs {name}{pin and f'=={pin}'}, which is not in {lock.name}."
                raise Problem(what, "Update the lock files: CONTRIBUTING.md, “Dependencies”.")


def _names(file: Path) -> set[str]:
    """The names of all packages in a requirements or lock file."""
    return set(map(_normalized, re.findall(r"^[A-Za-z0-9][\w.-]*", file.read_text(), re.M)))


def _pins(file: Path) -> dict[str, str]:
    """Name → version of what the file pins, except what only some machines need."""
    found = re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)(?=\s|$)(?! *;)", file.read_text(), re.M)
    return {_normalized(name): version for name, version in found}


def _normalized(name: str) -> str:
    """The name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _missing_distribution(project: Project, lock: Path) -> str:
    """The first pinned package that the environment does not have in that version."""
    pins = _pins(lock)
    code = """import json, sys
from importlib.metadata import PackageNotFoundError, version
def has(name, wanted):
    try:
        return version(name) == wanted
    except PackageNotFoundError:
        return False
print(next((f"{n}=={v}" for n, v in json.loads(sys.argv[1]).items() if not has(n, v)), ""))"""
    asked = [str(project.python), "-I", "-c", code, json.dumps(pins)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def python_stamp(project: Project, requirements: str) -> Stamp:
    """A moved checkout is a change too: the environment holds absolute paths."""
    packages = [project.root / package / "pyproject.toml" for package in _own_packages(project.root, requirements)]
    files = (*_included(project.root, requirements), _lock(project.root, requirements), *packages)
    more = f"{_venv_version(project) or sys.version.split()[0]} {project.root}"
    return Stamp(project.root / ".venv" / f".{requirements}.stamp", files, more)


def _venv_version(project: Project) -> str:
    """The version of its Python; empty if there is no usable environment."""
    settings = project.root / ".venv" / "pyvenv.cfg"
    # pip is installed last: without it, the environment is incomplete.
    if not all(file.exists() for file in (settings, project.python, project.python.with_name("pip"))):
        return ""
    found = re.search(r"^version\s*=\s*(\d+)\.(\d+)(\S*)", settings.read_text(), re.M)
    return f"{found[1]}.{found[2]}{found[3]}" if found and _new_enough(found) else ""


def _new_enough(found: re.Match[str]) -> bool:
    return (int(found[1]), int(found[2])) >= NEEDED_PYTHON


def _included(root: Path, name: str) -> list[Path]:
    """The requirements file, and those that it includes."""
    more = re.findall(r"^-r (\S+)", (root / name).read_text(), re.M)
    return [root / name, *(file for each in more for file in _included(root, each))]


def _own_packages(root: Path, name: str) -> list[str]:
    """The folders of our own packages."""
    texts = [file.read_text() for file in _included(root, name)]
    return [package for text in texts for package in re.findall(r"^-e \./(\S+)", text, re.M)]


def pip(project: Project, *what: str) -> Command:
    argv = (str(project.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *what)
    plain = command(project.root, *argv)
    return replace(plain, environ=pip_settings(project.python, plain.environ))


def pip_settings(python: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with the user's index settings of pip as variables, and without a configuration file.

    pip cannot read the index from a file and ignore its `user`, `target` or `prefix`.
    """
    asked = [str(python), "-m", "pip", "config", "list"]
    listed = subprocess.run(asked, env=dict(environ), capture_output=True, text=True, check=False).stdout
    found = {}
    for section in ("global", "install", ":env:"):  # the later ones win
        for name, value in re.findall(rf"^{section}\.+([\w-]+)=(.+)$", listed, re.M):
            if name in PIP_KEPT:
                found[f"PIP_{name.upper().replace('-', '_')}"] = " ".join(ast.literal_eval(value).split())
    others = {name: value for name, value in environ.items() if not name.startswith("PIP_")}
    return {**others, **found, "PIP_CONFIG_FILE": os.devnull}


def command(folder: Path, *argv: str, path: str = "") -> Command:
    return Command(argv, folder, {**environment.of_installer(os.environ), **({"PATH": path} if path else {})})
