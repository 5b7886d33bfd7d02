"""Reads the logs of services and steps: the last lines, or each new line."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from launcher import terminal
from launcher.project import Project, Service

TAIL = 15  # lines shown after a failure
READ = 1_000_000  # bytes of one log at a time


def last_lines(log: Path, count: int) -> list[str]:
    """Its last lines, the oldest first; none when there is no log."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - READ))
        return file.read().decode(errors="replace").splitlines()[-count:]


def last_line(log: Path) -> str:
    """The last line that is not empty. Progress bars end their lines with a carriage return."""
    lines = [line for line in re.split(r"[\r\n]+", "\n".join(last_lines(log, 3))) if line.strip()]
    return terminal.plain(lines[-1]).strip() if lines else ""


def tail(log: Path, head: int = 0) -> str:
    """The end of a log and its path; with `head`, also its first lines: npm prints its error first."""
    every = last_lines(log, READ)
    cut = len(every) > head + TAIL
    lines = [terminal.plain(line).rstrip() for line in ([*every[:head], "…"] if cut and head else []) + every[-TAIL:]]
    return "\n".join([*(f"  {line}" for line in lines), f"Full log: {log}"])


class Follower:
    """Each line that is appended to `logs` from now on."""

    def __init__(self, logs: dict[str, Path]) -> None:
        self._logs = logs
        self._at = {name: log.stat().st_size if log.exists() else 0 for name, log in logs.items()}
        self._rest = dict.fromkeys(logs, b"")

    def new_lines(self) -> Iterator[tuple[str, str]]:
        """(name, line) of each complete new line."""
        for name, log in self._logs.items():
            *lines, self._rest[name] = (self._rest[name] + self._read(name, log)).split(b"\n")
            for line in lines:
                yield name, line.decode(errors="replace").rstrip("\r")

    def _read(self, name: str, log: Path) -> bytes:
        if not log.exists():
            return b""
        with log.open("rb") as file:
            if file.seek(0, 2) < self._at[name]:  # rotated
                self._at[name] = 0
            file.seek(self._at[name])
            data = file.read(READ)
        self._at[name] += len(data)
        return data


class Prefixes:
    """Service names in front of lines, of equal width, each in its colour."""

    def __init__(self, project: Project) -> None:
        width = max(map(len, project.names))
        bar = "│" if terminal.is_terminal() else "|"
        self._of = {
            name: terminal.paint(f"{name:{width}} {bar}", terminal.hue(index))
            for index, name in enumerate(project.names)
        }

    def say(self, name: str, line: str) -> None:
        line = line.removeprefix(f"{time.strftime('%Y-%m-%d')} ")  # which goes without saying
        terminal.say(f"{self._of[name]} {line if terminal.coloured() else terminal.plain(line)}")


def show(project: Project, services: Sequence[Service], count: int) -> None:
    """The last lines of each service; of a single one without its name, for other programs."""
    prefixes = Prefixes(project)
    for service in services:
        for line in last_lines(project.log(service.name), count):
            terminal.say(line) if len(services) == 1 else prefixes.say(service.name, line)
