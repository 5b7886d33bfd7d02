"""`logs --chain`: what all services logged about one chain of events, in the order of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from launcher import terminal
from launcher.project import Problem, Project, Service
from launcher.run.logs import Prefixes

STAMP = re.compile(r'^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) |^\{.*"timestamp": ?"([^"]+)"')
"""how a line begins locally, and what a line of JSON has"""
VALUE = r'[=:] ?(?!(?:None|null)(?![\w.~-]))[\'"]?([\w.~-]+)'
"""an id behind its name; None, or null in JSON, is none"""
CHAIN = re.compile(rf'\bcorrelationid"?{VALUE}')
BATCH = re.compile(r"\bcorrelationids=\[([^\]]*)\]")
EVENT = re.compile(rf'\bid"?{VALUE}')


class Said(NamedTuple):
    """One entry of a log; a traceback belongs to the line before it, in a log whose lines have times."""

    at: float
    """Unix time; 0 where no line before it has one either"""
    service: str
    text: str


def show(project: Project, services: Sequence[Service], wanted: str) -> None:
    """Print each line of a chain. `wanted` is its correlation id, or the id of something that its events are about.

    Raises Problem if no log names it.
    """
    logs = {service.name: _files(project.log(service.name)) for service in services}
    named = list(_naming(logs, {wanted}))
    if not named:
        raise Problem(f"No line of the logs names {wanted!r}.", _cure(logs))
    chains = {wanted} | _found(CHAIN, named)
    # Some lines, such as that of a discarded dead letter, name an event and not its chain.
    events = _found(EVENT, (said for said in _naming(logs, chains) if CHAIN.search(said.text)))
    prefixes = Prefixes(project)
    for said in sorted(_naming(logs, chains | events), key=lambda said: said.at):
        for line in BATCH.sub(_counted, said.text).splitlines():
            prefixes.say(said.service, line)


def _counted(found: re.Match[str]) -> str:
    return f"chains={found[1].count(',') + 1}"


def _files(log: Path) -> list[Path]:
    """The log that was put aside when it was large, and the present one."""
    return [file for file in (log.with_suffix(".log.1"), log) if file.exists()]


def _naming(logs: dict[str, list[Path]], ids: set[str]) -> Iterator[Said]:
    pattern = re.compile(rf"(?<![\w.~-])(?:{'|'.join(map(re.escape, sorted(ids)))})(?![\w~-])")
    for service, files in logs.items():
        for file in files:
            yield from (said for said in _entries(service, file) if pattern.search(said.text))


def _entries(service: str, file: Path) -> Iterator[Said]:
    at, lines = 0.0, list[str]()
    with file.open(encoding="utf-8", errors="replace") as log:
        for line in log:
            stamp = STAMP.match(line)
            if lines and (stamp or not at):
                yield Said(at, service, "".join(lines))
                lines = []
            if stamp:
                at = datetime.fromisoformat(stamp[1] or stamp[2]).timestamp()
            lines.append(terminal.plain(line))
    if lines:
        yield Said(at, service, "".join(lines))


def _found(pattern: re.Pattern[str], entries: Iterable[Said]) -> set[str]:
    return {found for said in entries for found in pattern.findall(said.text)}


def _cure(logs: dict[str, list[Path]]) -> str:
    files = [file for found in logs.values() for file in found]
    if not files:
        return "There are no logs yet: start the services, and try it again."
    folder = files[0].parent
    return (
        "Take the correlation id from an event on the flow page, or from GET /bus/events/<id>.\n"
        f"The logs are in {folder}; `reset` deletes them."
    )
