"""Commands for running services, from any terminal."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project, Service
from launcher.run import chains, fleet, logs, processes, up
from launcher.setup import preflight, steps


def start(context: Context, names: Sequence[str]) -> int:
    """Start the services that do not run, with the settings of the last `up`."""
    with context.changing():
        _start(context, _chosen(context, names))
    return 0


def stop(context: Context, names: Sequence[str]) -> int:
    with context.changing():
        stopped = fleet.stop(context.project, _chosen(context, names), context.interrupts)
        for name in names:
            if name not in stopped:
                terminal.say(f"  {name} is not running.")
    return 0


def restart(context: Context, names: Sequence[str]) -> int:
    with context.changing():  # one lock for both, or `up` might see that nothing runs and end
        fleet.stop(context.project, _chosen(context, names), context.interrupts)
        _start(context, _chosen(context, names))
    return 0


def _chosen(context: Context, names: Sequence[str]) -> list[Service]:
    """With its replicas, if a front door is named."""
    chosen = [context.project.service(name) for name in names]
    return [each for each in context.project.services if each in chosen or each.package in names]


def _start(context: Context, services: Sequence[Service]) -> None:
    project = context.project
    if not project.python.exists():
        raise Problem("Nothing is installed yet.", f"{context.command} up")
    running = fleet.running(project)
    for service in services:
        if service.name in running:
            terminal.say(f"  {service.name} is already running, pid {running[service.name].pid}.")
    missing = [service for service in services if service.name not in running]
    fleet.sweep(project, missing)
    for problem in preflight.check(project, missing, context.command):
        raise problem
    if missing:
        up.say_left_out(context)
    if not project.engines:
        steps.run([up.migrations(context, missing)], project.run_dir / "logs", context.interrupts)
    up.launch(context, missing)


def down(context: Context) -> int:
    """Stop everything; data stays."""
    with context.changing():
        if not fleet.stop(context.project, context.project.services, context.interrupts):
            terminal.say("  Nothing is running.")
    return 0


@dataclass(frozen=True)
class State:
    service: Service
    pid: int | None
    why_not: str  # empty: it is ready
    warnings: tuple[str, ...] = ()


def status(context: Context, as_json: bool) -> int:
    services = context.project.services
    with ThreadPoolExecutor(len(services)) as pool:
        states = list(pool.map(lambda service: _state(context, service), services))
    if as_json:
        terminal.say(json.dumps({"services": [_row(state) for state in states]}))
        return 0
    cells = [(state, _mark(state), state.why_not or "ready") for state in states]
    rows = [(mark, s.service.name, str(s.pid or "-"), s.service.url, what) for s, mark, what in cells]
    notes = {i: [terminal.caution(f"! {warning}") for warning in s.warnings] for i, s in enumerate(states)}
    terminal.table(rows, notes=notes)
    return 0


def _row(state: State) -> dict[str, object]:
    """For programs: `healthy` is whether it is ready, `warnings` are problems nevertheless."""
    name, url = state.service.name, state.service.url
    return {"name": name, "pid": state.pid, "url": url, "healthy": not state.why_not, "warnings": [*state.warnings]}


def _mark(state: State) -> str:
    if state.why_not == "stopped":
        return terminal.dim("○")
    return terminal.bad("●") if state.why_not else terminal.caution("●") if state.warnings else terminal.good("●")


def _state(context: Context, service: Service) -> State:
    record = processes.read(context.project.run_dir, service.name)
    if record is None:
        return State(service, None, "stopped")
    if not record.alive:
        return State(service, None, f"died; see {context.command} logs {service.name}")
    if record.stopping:
        return State(service, record.pid, "stopping")
    now = fleet.ask(service)
    return State(service, record.pid, now.why_not, now.warnings)


def show_logs(context: Context, names: Sequence[str], follow: bool, count: int, chain: str) -> int:
    project = context.project
    services = _chosen(context, names) or list(project.services)
    if chain:
        chains.show(project, services, chain)
        return 0
    follower = logs.Follower({service.name: project.log(service.name) for service in services})
    logs.show(project, services, count)
    prefixes = logs.Prefixes(project)
    while follow and not context.interrupts.asked:
        for name, line in follower.new_lines():
            terminal.say(line) if len(services) == 1 else prefixes.say(name, line)
        time.sleep(0.1)
    return 0


def token(context: Context, role: str) -> int:
    """Print the token of the environment, or the one that the services generated."""
    found = context.given_token(role) or context.local_token(role)
    if not found:
        raise Problem(f"There is no {role} token yet.", f"{context.command} up   (generates it)")
    terminal.say(found)
    return 0


def reset(context: Context, yes: bool) -> int:
    """Stop everything and delete databases and logs. Keys and tokens stay.

    Files are deleted by name, never the whole run directory: BLOGBUS_RUN_DIR may be any folder.
    """
    project = context.project
    urls = [f"{service.name.upper()}_DATABASE_URL" for service in project.backends]
    if given := [variable for variable in urls if context.environ.get(variable)]:
        raise Problem(
            f"{given[0]} is set: reset deletes only local SQLite files.",
            f"Delete that data yourself, or unset {given[0]}.",
        )
    doomed = _doomed(project)
    if not yes:
        names = ", ".join(str(path.relative_to(project.run_dir)) for path in doomed) or "nothing, there is no data"
        what = f"reset stops everything, and deletes in {project.run_dir}: {names}."
        raise Problem(what, f"{context.command} reset --yes   (keys and tokens stay)")
    with context.changing():
        fleet.stop(project, project.services, context.interrupts)
        for path in _doomed(project):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    terminal.done("reset", f"deleted {len(doomed)} files and folders; keys and tokens stay")
    return 0


def _doomed(project: Project) -> list[Path]:
    databases = [file for name in project.names for file in sorted(project.run_dir.glob(f"{name}.sqlite3*"))]
    folders = [project.run_dir / name for name in ("logs", "engines")]
    return [*databases, *(folder for folder in folders if folder.is_dir())]
