"""Checks before anything is installed or started, each with its cure."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import chain

from launcher.project import Problem, Project, Service
from launcher.run import engines, ports
from launcher.setup import node

NEEDED_PYTHON = (3, 11)
NEEDED_MEGABYTES = 1500  # packages, the build, and databases


def check(project: Project, starting: Sequence[Service], command: str) -> list[Problem]:
    """All problems at once."""
    found = [*_folders(project, starting), *_python(project), *_disk(project), *_programs(starting)]
    return [*found, *_foreign_user(project, starting), *_ports(project, starting, command)]


def summary(project: Project, starting: Sequence[Service]) -> str:
    """What was found, in one line."""
    found = [f"Python {sys.version.split()[0]}"]
    if any(service.is_frontend for service in starting):
        found.append(f"Node {node.version(node.search_path(project.root)) or 'is missing and will be installed'}")
    places = sorted(service.port for service in starting)
    return ", ".join(
        [*found, f"ports {places[0]} to {places[-1]} free" if len(places) > 1 else f"port {places[0]} free"]
    )


def _folders(project: Project, starting: Sequence[Service]) -> Iterator[Problem]:
    for service in starting:
        if not service.folder.is_dir() and not service.is_engine:
            yield Problem(
                f"The folder of {service.name} is missing: {service.folder}.",
                f"git checkout -- {service.folder.name}   (or run without it: --without {service.name})",
            )
    for folder in (project.root, project.run_dir if project.run_dir.exists() else project.run_dir.parent):
        if not os.access(folder, os.W_OK):
            cure = f"sudo chown -R $(id -un) {folder}   (or set BLOGBUS_RUN_DIR if it is only the run directory)"
            yield Problem(f"{folder} is not writable.", cure)


def _python(project: Project) -> Iterator[Problem]:
    if not project.python.exists() and not importlib.util.find_spec("ensurepip"):
        cure = f"sudo apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv"
        yield Problem("This Python cannot create virtual environments (no ensurepip).", cure)


def _disk(project: Project) -> Iterator[Problem]:
    installed = (project.root / ".venv").exists()
    needed = NEEDED_MEGABYTES // 10 if installed else NEEDED_MEGABYTES
    free = shutil.disk_usage(project.root).free // 1_000_000
    if free < needed:
        yield Problem(f"Only {free} MB are free on the disk of {project.root}.", f"Free {needed} MB.")


def _programs(starting: Sequence[Service]) -> Iterator[Problem]:
    for service in starting:
        for program, package in engines.ENGINES[service.name].needs.items() if service.is_engine else ():
            if not engines.program(program):
                yield Problem(f"{service.title} needs {program}.", f"sudo apt-get install {package}")


def _foreign_user(project: Project, starting: Sequence[Service]) -> Iterator[Problem]:
    """PostgreSQL runs as another user if this is root, and must be able to reach its folder."""
    if os.geteuid() == 0 and any(service.name == "postgres" for service in starting):
        closed = [
            each
            for each in (project.run_dir, *project.run_dir.parents)
            if each.exists() and not each.stat().st_mode & 1
        ]
        for folder in closed:
            yield Problem(f"The user postgres, whom PostgreSQL runs as, cannot enter {folder}.", f"chmod o+x {folder}")


def _ports(project: Project, starting: Sequence[Service], command: str) -> Iterator[Problem]:
    refused = [service for service in starting if ports.refused_by_browsers(service.port)]
    taken = [service for service in starting if service not in refused and not ports.is_free(service.port)]
    if not refused and not taken:
        return
    other = f"{command} up --port-base {_next_base(project)}"
    for service in refused:
        what = f"Port {service.port} ({service.title}) is blocked by browsers."
        yield Problem(what, f"Use other ports: {other}")
    for service in taken:
        what = f"Port {service.port} ({service.title}) is in use by {ports.holder(service.port)}."
        yield Problem(what, f"Stop that program, or use other ports: {other}")


def _next_base(project: Project) -> int:
    """The next port base, in steps of 10, with all ports free and allowed by browsers."""
    offsets = [service.port - project.port_base for service in project.services]
    bases = chain(range(project.port_base + 10, 65_000, 10), range(14_000, 65_000, 10))
    return next(base for base in bases if all(_good(base + offset) for offset in offsets))


def _good(port: int) -> bool:
    return 1024 <= port < 65_536 and not ports.refused_by_browsers(port) and ports.is_free(port)
