"""Whether a new service may have that name: what would clash is found before anything is written."""

from __future__ import annotations

import importlib.util
import keyword
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from launcher import suites
from launcher.problems import Problem
from launcher.project import Project

LONGEST = 30  # characters: with "-srv" it must be a Kubernetes name, and our lines end at 120
OURS = {"events", "healthz", "readyz", "metrics", "tests"}  # of every service: paths, an app's label, a folder


def check(project: Project, name: str) -> None:
    """Raises a Problem with the first thing that is wrong with the name."""
    for problem in _problems(project, name):
        raise problem


def _problems(project: Project, name: str) -> Iterator[Problem]:
    shape = "Take lower-case letters, digits and _, beginning with a letter: new-service likes"
    if name.endswith("_svc"):
        yield Problem(f"{name} is the folder's name.", f"Leave the _svc out: new-service {name.removesuffix('_svc')}")
    if not re.fullmatch(r"[a-z](_?[a-z0-9])*", name):
        yield Problem(f"{name!r} cannot name a Python package.", shape)
    if keyword.iskeyword(name):
        yield Problem(f"{name!r} is a word of Python's own.", "Take its plural, say.")
    if len(name) > LONGEST:
        yield Problem(f"{name!r} has {len(name)} characters.", f"At most {LONGEST} will do.")
    if name in project.names:
        yield Problem(f"There is a service {name} already.", f"The services are: {', '.join(project.names)}.")
    folder = project.root / f"{name}_svc"
    if folder.exists():
        yield Problem(f"The folder {folder.name}/ is there already.", f"Take another name, or: rm -r {folder.name}")
    if name in OURS or name in _suites(project):
        yield Problem(f"{name!r} means something here already (a path, or a suite of tests).", "Take another name.")
    if importlib.util.find_spec(name) or _is_installed(project.python, name):
        yield Problem(f"{name!r} is a module that Python has already: one would hide the other.", "Take another name.")


def _suites(project: Project) -> set[str]:
    return {suite.name for suite in (*suites.tests(project, Path()), *suites.checks(project))}


def _is_installed(python: Path, name: str) -> bool:
    """Asks the services' own Python, whose packages this one does not see."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    return python.exists() and subprocess.run([python, "-c", code], check=False).returncode == 0
