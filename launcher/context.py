"""What every command works with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launcher import choices, environment, lock, terminal
from launcher.choices import Choices
from launcher.interrupts import Interrupts
from launcher.problems import Interrupted, Problem
from launcher.project import DEFAULT_PORT_BASE, Project, load, run_dir_of
from launcher.steps import Step, run


@dataclass(frozen=True)
class Context:
    project: Project
    choices: Choices
    interrupts: Interrupts = field(default_factory=Interrupts)

    @property
    def environ(self) -> Mapping[str, str]:
        """This terminal's environment; beneath it what the last `up` was given."""
        return {**self.choices.environ, **os.environ}

    @property
    def command(self) -> str:
        """How to call this program again, as a person would type it."""
        return f"python3 {os.path.relpath(self.project.root / 'manage_all.py')}"

    @property
    def lock(self) -> Path:
        """Held while something is started or ended."""
        return self.project.run_dir / "lock"

    @contextmanager
    def changing(self, stubborn: bool = False) -> Iterator[None]:
        """Alone while it starts or ends things; the stubborn goes on without the lock when told to hurry."""

        def give_up() -> bool:
            if self.interrupts.asked and not stubborn:
                raise Interrupted
            return self.interrupts.insisted

        with lock.held(self.lock, _say_waiting, give_up):
            yield

    @contextmanager
    def installing(self) -> Iterator[Callable[[Sequence[Sequence[Step]]], None]]:
        """Alone in this checkout, whatever the run directory: what is installed is asked and changed in here.

        Yields what runs chains of steps. Their commands hold the lock, too: a killed manage_all.py leaves none of them
        beside the next one's.
        """

        def give_up() -> bool:
            if self.interrupts.asked:
                raise Interrupted
            return False

        with lock.held(self.project.root / ".run" / "install.lock", _say_waiting, give_up) as descriptor:
            yield lambda chains: run(chains, self.project.run_dir / "logs", self.interrupts, (descriptor,))


def of_last_up(root: Path) -> Context:
    """For the commands that work on what is there."""
    chosen = choices.last(run_dir_of(root, os.environ)) or Choices()
    return Context(load(root, chosen.port_base), chosen)


def of_new_up(root: Path, port_base: int | None, reload: bool) -> Context:
    """For `up`: its own wishes, unless something runs already, which then decides."""
    from launcher import fleet

    before = of_last_up(root)
    live = next(iter(fleet.running(before.project).values()), None)
    asked = port_base or _port_base_of_shell()
    if live and asked and asked != live.port_base:
        cure = "python3 manage_all.py down   (then again)"
        raise Problem(f"Blogbus already runs on --port-base {live.port_base}.", cure)
    base = live.port_base if live else asked or DEFAULT_PORT_BASE
    chosen = Choices(base, reload, environment.settings(os.environ, before.project.names))
    return Context(load(root, base), chosen, before.interrupts)


def _port_base_of_shell() -> int:
    text = os.environ.get("BLOGBUS_PORT_BASE") or "0"
    if not text.isdecimal():
        raise Problem(f"BLOGBUS_PORT_BASE is {text!r}.", "Set it to a number, such as 14000, or unset it.")
    return int(text)


def _say_waiting(pid: str) -> None:
    terminal.say(f"  Waiting for another {Path(sys.argv[0]).name} (pid {pid}) to finish …")
