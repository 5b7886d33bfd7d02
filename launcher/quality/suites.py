"""The suites of `test` and `check`: the command of each, and why it cannot run here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from launcher.project import Project, Service
from launcher.run import engines
from launcher.setup import environment, node
from launcher.setup.steps import Command

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMES_OF_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
AT_ONCE = ("-n", "4")
"""tests: they wait for sockets, servers and deadlines more than they compute"""
SYSTEMS_AT_ONCE = ("-n", "2")
"""tests that start whole systems; more would find too few processors on most machines"""
BY_FILE = ("--dist", "loadfile")
"""tests of one file share their system"""
OTHERS = ("--ignore=flows", "--ignore=cluster")


@dataclass(frozen=True)
class Suite:
    name: str
    command: Command
    left_out: str = ""  # why it cannot run here, with the cure; empty: it can
    needs_system: bool = False
    needs_frontend: bool = False
    by_name_only: bool = False  # runs only if it is named
    report: Path | None = None  # its JUnit XML


def tests(project: Project, reports: Path) -> list[Suite]:
    """All test suites, the fastest first."""
    suites = [
        _pytest(project, "contracts", "contracts", reports),
        _pytest(project, "chassis", "svc_chassis", reports, *AT_ONCE),
        _pytest(project, "launcher", "launcher", reports, *AT_ONCE),
    ]
    for service in project.backends:
        suites.append(_pytest(project, service.name, service.folder.name, reports, *AT_ONCE))
        suites.append(_on_postgres(project, service, reports))
    if project.frontend:
        suites.append(_npm(project, "frontend", "test"))
    suites.append(_pytest(project, "flows", "system_tests/flows", reports))
    suites.append(_pytest(project, "system", "system_tests", reports, *SYSTEMS_AT_ONCE, *BY_FILE, *OTHERS))
    suites.append(_infra(project, reports))
    if project.frontend:
        suites.append(_browser(project))
    suites.append(_cluster(project, reports))
    return suites


def checks(project: Project) -> list[Suite]:
    """Linters, types and import rules."""
    scripts = project.root / ".venv" / "bin"
    homes = os.pathsep.join(str(service.folder) for service in project.backends)
    suites = [
        _tool(project, "lint", str(scripts / "ruff"), "check", "."),
        _tool(project, "format", str(scripts / "ruff"), "format", "--check", "."),
        _types(project),
        _tool(project, "imports", str(scripts / "lint-imports"), PYTHONPATH=homes),
    ]
    return [*suites, _npm(project, "frontend", "check")] if project.frontend else suites


def chosen(suites: Sequence[Suite], names: Sequence[str]) -> list[Suite]:
    return [suite for suite in suites if (suite.name in names if names else not suite.by_name_only)]


def chromium() -> str:
    """The browser's path, or empty."""
    named = os.environ.get("CHROMIUM", "")
    candidates = (named, *map(shutil.which, CHROMIUMS), CHROMES_OF_MACOS)
    return next((path for path in candidates if path and Path(path).exists()), "")


def _pytest(project: Project, name: str, folder: str, reports: Path, *options: str) -> Suite:
    report = reports / f"{name}.xml"
    # The tests of launcher and infra import the launcher, so they run in the root.
    home, what = (project.root, (folder,)) if name in ("launcher", "infra") else (project.root / folder, ())
    argv = (str(project.python), "-m", "pytest", f"--junit-xml={report}", *options, *what)
    return Suite(name, _command(project, home, *argv), _missing(project.root / folder), report=report)


def _on_postgres(project: Project, service: Service, reports: Path) -> Suite:
    """All tests of a service again, with its data in PostgreSQL."""
    suite = _pytest(project, f"{service.name}-postgres", service.folder.name, reports, "--postgres", *AT_ONCE)
    cure = "no PostgreSQL server on this machine: sudo apt-get install postgresql"
    return replace(suite, left_out=suite.left_out or ("" if engines.program("initdb") else cure))


def _infra(project: Project, reports: Path) -> Suite:
    suite = _pytest(project, "infra", "infra", reports)
    cure = "no kubectl or kustomize on this machine: install kubectl (1.22 or newer) or kustomize"
    found = shutil.which("kustomize") or shutil.which("kubectl")
    return replace(suite, left_out=suite.left_out or ("" if found else cure))


def _cluster(project: Project, reports: Path) -> Suite:
    """Changes what is deployed in the current kubectl context, so it runs only if it is named."""
    suite = _pytest(project, "cluster", "system_tests/cluster", reports)
    missing = " and ".join(tool for tool in ("docker", "kubectl") if not shutil.which(tool))
    left_out = suite.left_out or (f"there is no {missing} on this machine" if missing else "")
    return replace(suite, left_out=left_out, needs_frontend=True, by_name_only=True)


def _npm(project: Project, name: str, script: str) -> Suite:
    folder = project.root / "frontend"
    command = _command(project, folder, "npm", "run", script, PATH=node.search_path(project.root))
    return Suite(name, command, _missing(folder), needs_frontend=True)


def _browser(project: Project) -> Suite:
    suite = _npm(project, "browser", "test:browser")
    found = chromium()
    cure = "no Chromium on this machine: sudo apt-get install chromium (or set CHROMIUM to its path)"
    command = replace(suite.command, environ={**suite.command.environ, "CHROMIUM": found})
    return replace(suite, command=command, left_out=suite.left_out or ("" if found else cure), needs_system=True)


def _types(project: Project) -> Suite:
    """All code but the services' tests: mypy cannot check two packages named `tests`."""
    packages = [f"{service.folder.name}/{service.name}" for service in project.backends]
    shipped = ["contracts/src", "svc_chassis/src", *packages, "manage_all.py", "launcher", "tools"]
    # Whoever adopts the rest may have none of these.
    shipped += [folder for folder in ("benchmarks", "system_tests") if (project.root / folder).is_dir()]
    return _tool(project, "types", str(project.root / ".venv" / "bin" / "mypy"), *shipped)


def _tool(project: Project, name: str, *argv: str, **environ: str) -> Suite:
    return Suite(name, _command(project, project.root, *argv, **environ))


def _command(project: Project, folder: Path, *argv: str, **environ: str) -> Command:
    return Command(argv, folder, {**environment.of_tests(os.environ, project.names), **environ})


def _missing(folder: Path) -> str:
    return "" if folder.is_dir() else f"there is no {folder.name}/"
