"""Starts services and waits until they can serve; ends them in reverse order. What `up` and `start` share."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from signal import Signals

from launcher import terminal
from launcher.project import Problem, Project, Service
from launcher.run import logs, processes, serving
from launcher.run.processes import Record
from launcher.terminal import Interrupts

PATIENCE = 60.0  # seconds for a service to get ready


def running(project: Project) -> dict[str, Record]:
    """The records of the services whose server lives."""
    found = {name: processes.read(project.run_dir, name) for name in project.names}
    return {name: record for name, record in found.items() if record and record.alive}


def sweep(project: Project, services: Sequence[Service]) -> None:
    """Ends what is left of servers that died, before anybody looks at their ports."""
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
    """All of them started and ready, or none of them left."""
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
    """Returns once every one of them is ready; says which one is not, and why."""
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
    """Ends them, the last started first; the names of those that were there. Another Ctrl-C while waiting kills."""
    asked = min(interrupts.count, 1)
    stopped = []
    for service in reversed(services):
        record = processes.read(project.run_dir, service.name)
        if record:
            began = time.monotonic()
            processes.stop(project.run_dir, record, hurry=lambda: interrupts.count > asked)
            terminal.done(service.title, f"stopped in {terminal.took(time.monotonic() - began)}")
            stopped.append(service.name)
    return stopped


def ending(status: int | None) -> str:
    """An exit status in words."""
    if status is None:
        return "its exit status is not known here"
    return f"killed by {Signals(-status).name}" if status < 0 else f"exit status {status}"


def _progress(project: Project, service: Service) -> Readiness:
    """Raises when its server is gone."""
    record = processes.read(project.run_dir, service.name)
    if record is None:
        raise Problem(f"{service.name} was stopped while it was starting.")
    if not record.alive:
        how = ending(processes.exit_status(record))
        raise Problem(f"{service.name} ended while it was starting ({how}).", logs.tail(project.log(service.name)))
    return ask(service)


def _never_ready(project: Project, service: Service, why: str) -> Problem:
    log = logs.tail(project.log(service.name))
    return Problem(f"{service.name} did not get ready within {PATIENCE:.0f} s: {why}.", log)


ANSWER = 2.0  # seconds for one answer


@dataclass(frozen=True)
class Readiness:
    why_not: str = ""  # empty: it is ready
    warnings: tuple[str, ...] = ()  # what is wrong although it can serve


def ask(service: Service) -> Readiness:
    # No urllib: it would ask the user's http_proxy for our own machine.
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=ANSWER)
    try:
        connection.request("GET", service.ready_path)
        answer = connection.getresponse()
        body = answer.read()
    except ConnectionRefusedError:
        return Readiness("not listening yet")
    except (OSError, http.client.HTTPException) as error:
        return Readiness(f"no answer on port {service.port} ({type(error).__name__})")
    finally:
        connection.close()
    said = _object(body)
    if answer.status != 200:
        why = said.get("detail") or said.get("title") or body[:200].decode(errors="replace").strip()
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
