"""Runs the long steps of setting up, shows each one's progress, and keeps their output for when one fails."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launcher import logs, terminal
from launcher.cures import cure
from launcher.interrupts import Interrupts
from launcher.problems import Problem
from launcher.serving import Command

HEAD = 5  # lines of a failed step shown besides its last ones


@dataclass
class Step:
    """Commands that may run side by side, and what follows once all have passed."""

    label: str
    commands: Sequence[Command] | Callable[[], Sequence[Command]]
    then: Callable[[], None] = lambda: None
    missing: Callable[[], str] = lambda: ""  # what it should have made and did not, once its commands have passed
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _began: float = 0.0
    _log: Path = Path()

    def begin(self, log: Path, keeping: Sequence[int] = ()) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._began = time.monotonic()
        with log.open("wb") as output:
            for command in self.commands() if callable(self.commands) else self.commands:
                self._running.append(command.spawn(output, keeping))
        if not terminal.is_terminal():
            terminal.say(f"  … {self.label}")

    def finished(self) -> bool:
        """Whether all commands have passed; raises with the tail of the output when one has not."""
        codes = [child.poll() for child in self._running]
        if any(codes):
            self.kill()
            output = "\n".join(logs.last_lines(self._log, logs.READ))
            raise Problem(f"{self.label}: failed.", "\n".join(filter(None, (logs.tail(self._log, HEAD), cure(output)))))
        return all(code == 0 for code in codes)

    def finish(self) -> None:
        if missing := self.missing():
            what = f"{self.label}: its commands passed, and {missing} is not there."
            raise Problem(what, f"{logs.tail(self._log)}\nThe same command again does this step again.")
        self.then()
        terminal.done(self.label, terminal.took(time.monotonic() - self._began))

    def kill(self) -> None:
        """Each command has a group of its own: its children go, too."""
        for child in self._running:
            with suppress(ProcessLookupError):
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()

    @property
    def progress(self) -> str:
        count = sum(child.poll() == 0 for child in self._running)
        parts = f"{count}/{len(self._running)}  " if len(self._running) > 1 else ""
        seconds = terminal.took(time.monotonic() - self._began)
        return f"{self.label:24}{seconds:>8}  {parts}{terminal.dim(logs.last_line(self._log))}"


def run(
    chains: Sequence[Sequence[Step]], log_folder: Path, interrupts: Interrupts, keeping: Sequence[int] = ()
) -> None:
    """Chains run side by side, the steps of a chain one after the other; nothing stays when one fails.

    Their commands get the descriptors to keep.
    """
    waiting = [list(chain) for chain in chains if chain]
    active: list[Step] = []
    block = terminal.Block()
    try:
        while waiting:
            for chain in waiting:
                if chain[0] not in active:
                    active.append(chain[0])
                    chain[0].begin(log_folder / f"{_slug(chain[0].label)}.log", keeping)
                elif chain[0].finished():
                    block.clear()
                    active.remove(chain[0])
                    chain.pop(0).finish()
            waiting = [chain for chain in waiting if chain]
            block.draw(step.progress for step in active)
            interrupts.pause()
    finally:
        block.clear()
        for step in active:
            step.kill()


def _slug(label: str) -> str:
    return "setup-" + re.sub(r"\W+", "-", label.lower()).strip("-")
