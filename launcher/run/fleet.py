"""Starts services and waits until they are ready; stops them."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from signal import Signals

from launcher import terminal
from launcher.project import Problem, Project, Service
from launcher.run import logs, ports, processes, serving
from launcher.run.http_call import call
from launcher.run.processes import Record
from launcher.terminal import Interrupts

PATIENCE = 60.0  # seconds until a service must be ready
ANSWER = 2.0  # seconds for one answer


def running(project: Project) -> dict[str, Record]:
    """The records of the services whose server is alive."""
    found = {name: processes.read(project.run_dir, name) for name in project.names}
    return {name: record for name, record in found.items() if record and record.alive}


def sweep(project: Project, services: Sequence[Service]) -> None:
    """Kill what is left of servers that died, before their ports are checked."""
    for service in services:
        record = processes.read(project.run_dir, service.name)
        if record and not record.alive:
            processes.kill_group(record)
            processes.forget(project.run_dir, record)


def start(
    project: Project,
    services: Sequence[Service],
    reload: bool,
    environ: Mapping[str, str],
    interrupts: Interrupts,
) -> None:
    """Start all of them and wait until they are ready; on an error, stop all of them."""
    started: list[Record] = []
    try:
        for service in services:
            command = serving.serve(project, service, reload, environ)
            log = project.log(service.name)
            where = (service.port, project.port_base)
            started.append(processes.start(project.run_dir, service.name, *where, command, log))
        wait(project, services, interrupts)
    except BaseException:
        asked = interrupts.count
        for record in reversed(started):
            processes.stop(project.run_dir, record, hurry=lambda: interrupts.count > asked)
        raise


def wait(project: Project, services: Sequence[Service], interrupts: Interrupts) -> None:
    """Return once all are ready. Raises Problem, with the reason, for one that is not."""
    began = time.monotonic()
    pending = dict.fromkeys(services, "")
    block = terminal.Block()
    try:
        while pending:
            for service in list(pending):
                now = _progress(project, service)
                pending[service] = now.why_not
                if not now.why_not:
                    block.clear()
                    terminal.done(service.title, f"ready on port {service.port}")
                    for warning in now.warnings:
                        terminal.warn("", warning)
                    del pending[service]
            seconds = time.monotonic() - began
            if pending and seconds > PATIENCE:
                raise _never_ready(project, *next(iter(pending.items())))
            block.draw(f"{s.title:24}{terminal.took(seconds):>8}  {terminal.dim(why)}" for s, why in pending.items())
            if pending:
                interrupts.pause()
    finally:
        block.clear()


def stop(project: Project, services: Sequence[Service], interrupts: Interrupts) -> list[str]:
    """Stop all at once, what they keep their data in afterwards, and return the names of those that ran.

    Another Ctrl-C kills them.
    """
    asked = min(interrupts.count, 1)

    def one(service: Service) -> str:
        record = processes.read(project.run_dir, service.name)
        if record is None:
            return ""
        began = time.monotonic()
        processes.stop(project.run_dir, record, hurry=lambda: interrupts.count > asked)
        terminal.done(service.title, f"stopped in {terminal.took(time.monotonic() - began)}")
        return service.name

    stopped: list[str] = []
    for engines in (False, True):
        together = [service for service in reversed(services) if service.is_engine == engines]
        with ThreadPoolExecutor(max(1, len(together))) as threads:
            stopped += filter(None, threads.map(one, together))
    return stopped


def ending(status: int | None) -> str:
    """An exit status in words."""
    if status is None:
        return "exit status unknown"
    return f"killed by {Signals(-status).name}" if status < 0 else f"exit status {status}"


def _progress(project: Project, service: Service) -> Readiness:
    """Raises Problem if its server is gone."""
    record = processes.read(project.run_dir, service.name)
    if record is None:
        raise Problem(f"{service.name} was stopped during its start.")
    if not record.alive:
        how = ending(processes.exit_status(record))
        raise Problem(f"{service.name} exited during its start ({how}).", logs.tail(project.log(service.name)))
    return ask(service)


def _never_ready(project: Project, service: Service, why: str) -> Problem:
    log = logs.tail(project.log(service.name))
    return Problem(f"{service.name} was not ready within {PATIENCE:.0f} s: {why}.", log)


@dataclass(frozen=True)
class Readiness:
    why_not: str = ""  # empty: it is ready
    warnings: tuple[str, ...] = ()  # problems although it is ready


def ask(service: Service) -> Readiness:
    """Ask whether it is ready."""
    if service.is_engine:
        return Readiness("" if ports.answers(service.port) else "not listening yet")
    try:
        answer = call(service.port, "GET", service.ready_path, patience=ANSWER)
    except ConnectionRefusedError:
        return Readiness("not listening yet")
    except (OSError, http.client.HTTPException) as error:
        return Readiness(f"no answer on port {service.port} ({type(error).__name__})")
    said = _object(answer.body)
    if answer.status != 200:
        why = said.get("detail") or said.get("title") or answer.body[:200].decode(errors="replace").strip()
        return Readiness(f"{answer.status}: {why or 'no reason given'}")
    warnings = said.get("warnings")
    return Readiness(warnings=tuple(map(_one_line, warnings)) if isinstance(warnings, list) else ())


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
