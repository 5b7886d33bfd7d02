"""`new-service`: creates a service from the template, and adds it to services.json, pyproject.toml and manifests."""

from __future__ import annotations

import importlib.util
import json
import keyword
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from launcher import terminal
from launcher.context import Context
from launcher.make import manifests
from launcher.project import DEFAULT_PORT_BASE, Problem, Project
from launcher.quality import suites
from launcher.run import ports
from launcher.run.engines import ENGINES
from launcher.setup import venv
from launcher.setup.steps import Command, Step

LONGEST = 30  # characters: with "-srv" it must be a Kubernetes name
OURS = {"events", "healthz", "readyz", "metrics", "tests"}  # in every service: paths, an app label, a folder


def new_service(context: Context, name: str, event: str) -> int:
    """Create a service that handles `event`; on any error, undo all changes."""
    with context.installing() as run:
        _make(context, name, event, run)
    return 0


def _make(context: Context, name: str, event: str, run: Callable[[Sequence[Sequence[Step]]], None]) -> None:
    project = context.project
    check_name(project, name)
    run([venv.python_steps(project, "requirements-dev.txt")])
    check_name(project, name)  # again, now that all packages are installed
    port = free_port(project)
    folder, table, tools = project.root / f"{name}_svc", project.root / "services.json", project.root / "pyproject.toml"
    changed = manifests.with_service(project.root, name, port)
    before = {file: file.read_text() for file in (table, tools, *changed) if file.exists()}
    try:
        folder.mkdir()
        run([_making(project, name, folder, event)])
        table.write_text(with_row(before[table], name, port))
        tools.write_text(with_name(before[tools], name))
        for file, text in changed.items():
            file.write_text(text)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        for file in changed:
            file.unlink(missing_ok=True)
        for file, text in before.items():
            file.write_text(text)
        raise
    terminal.done("services.json", f"{name} on port {port}, in a cluster {kubernetes_name(name)}")
    terminal.done("pyproject.toml", f"{name} may import contracts and svc_chassis, and no other service")
    for file in changed:
        terminal.done(str(file.relative_to(project.root)))
    terminal.say()
    hints = [("start it", "up"), ("test it", f"test {name}"), ("check it", "check")]
    terminal.table([(what, terminal.dim(f"{context.command} {how}")) for what, how in hints])
    terminal.say(f"\n  Its code is in {folder.name}/{name}/. Next: docs/new-service.md.")


def events_in(root: Path) -> list[str]:
    """The types that have a contract."""
    schemas = root / "contracts" / "src" / "contracts" / "schemas"
    return sorted({file.name.partition(".")[0] for file in schemas.glob("*.json")})


def free_port(project: Project) -> int:
    """The next port that is free in services.json and on this machine."""
    taken = {service.port for service in project.services}
    taken |= {
        project.port_base + offset for engine in ENGINES.values() for offset in (engine.offset, engine.offset + 1)
    }
    port = project.port_base
    while port in taken or not ports.is_free(port):
        port += 1
    return port - project.port_base + DEFAULT_PORT_BASE


def kubernetes_name(name: str) -> str:
    return f"{name.replace('_', '-')}-srv"


def with_row(table: str, name: str, port: int) -> str:
    """services.json with the new service, before the frontend, which starts last."""
    rows = json.loads(table)
    rows[name] = {"port": port, "kubernetes": kubernetes_name(name), "title": name.replace("_", " ")}
    ordered = sorted(rows, key=lambda each: each == "frontend")
    lines = (f"  {json.dumps(each)}: {json.dumps(rows[each])}" for each in ordered)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def with_name(tools: str, name: str) -> str:
    """pyproject.toml with the new service before the event bus, wherever services are listed."""
    return re.sub(r'(", "| \| |:)eventbus(_svc)?\b', rf"\g<1>{name}\g<2>\g<0>", tools)


def _making(project: Project, name: str, folder: Path, event: str) -> list[Step]:
    filling = (str(project.python), "-m", "svc_chassis.templates", name, str(folder), "--event", event)
    ruff = str(project.python.with_name("ruff"))
    # The order of imports depends on the name.
    commands = {
        f"{folder.name}/": filling,
        "Imports in order": (ruff, "check", "--quiet", "--select", "I", "--fix", folder.name),
        "Format": (ruff, "format", "--quiet", folder.name),
    }
    return [Step(label, [Command(argv, project.root, os.environ)]) for label, argv in commands.items()]


def check_name(project: Project, name: str) -> None:
    """Raises Problem if a service cannot have that name."""
    for problem in _wrong_with(project, name):
        raise problem


def _wrong_with(project: Project, name: str) -> Iterator[Problem]:
    shape = "Use lower-case letters, digits and _, starting with a letter: new-service likes"
    if name.endswith("_svc"):
        yield Problem(f"{name} is the name of the folder.", f"Omit _svc: new-service {name.removesuffix('_svc')}")
    if not re.fullmatch(r"[a-z](_?[a-z0-9])*", name):
        yield Problem(f"{name!r} cannot name a Python package.", shape)
    if keyword.iskeyword(name):
        yield Problem(f"{name!r} is a Python keyword.", "Use another name, such as its plural.")
    if len(name) > LONGEST:
        yield Problem(f"{name!r} has {len(name)} characters.", f"Use at most {LONGEST}.")
    if name in project.names:
        yield Problem(f"The service {name} already exists.", f"The services are: {', '.join(project.names)}.")
    folder = project.root / f"{name}_svc"
    if folder.exists():
        yield Problem(f"The folder {folder.name}/ already exists.", f"Use another name, or: rm -r {folder.name}")
    if name in OURS or name in _suites(project):
        yield Problem(f"{name!r} is already used, for a path or a test suite.", "Use another name.")
    if importlib.util.find_spec(name) or _is_installed(project.python, name):
        yield Problem(f"{name!r} is the name of an installed module: one would hide the other.", "Use another name.")


def _suites(project: Project) -> set[str]:
    return {suite.name for suite in (*suites.tests(project, Path()), *suites.checks(project))}


def _is_installed(python: Path, name: str) -> bool:
    """Whether the services' Python has that module."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    return python.exists() and subprocess.run([python, "-c", code], check=False).returncode == 0
