"""What every command works with."""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher import terminal
from launcher.project import (
    ALONE,
    DEFAULT_PORT_BASE,
    Interrupted,
    Problem,
    Project,
    Shape,
    load,
    run_dir_of,
    write_private,
)
from launcher.setup import environment
from launcher.setup.steps import Step, run
from launcher.terminal import Interrupts

NAME_OF_TOKEN = re.compile(r"^[a-z][a-z0-9._-]{0,39}=(?=[^=])")
"""in a list of a role's tokens, name=token,name=token"""


@dataclass(frozen=True)
class Choices:
    port_base: int = DEFAULT_PORT_BASE
    reload: bool = False
    shape: Shape = ALONE
    environ: dict[str, str] = field(default_factory=dict)

    def save(self, run_dir: Path) -> None:
        write_private(_choices_file(run_dir), json.dumps(asdict(self), indent=2))


def last_choices(run_dir: Path) -> Choices | None:
    """The choices of the last `up`, or None before the first one."""
    try:
        saved = json.loads(_choices_file(run_dir).read_text())
    except FileNotFoundError:
        return None
    shape = saved.pop("shape", {"engines": [], "replicas": []})
    return Choices(**saved, shape=Shape(tuple(shape["engines"]), tuple(map(tuple, shape["replicas"]))))


def _choices_file(run_dir: Path) -> Path:
    return run_dir / "up.json"


@dataclass(frozen=True)
class Context:
    project: Project
    choices: Choices
    interrupts: Interrupts = field(default_factory=Interrupts)

    @property
    def environ(self) -> Mapping[str, str]:
        """This terminal's environment, with the settings of the last `up` as defaults."""
        return {**self.choices.environ, **os.environ}

    @property
    def command(self) -> str:
        """How to run this program again, as a person would type it."""
        return f"python3 {os.path.relpath(self.project.root / 'manage_all.py')}"

    def given_token(self, role: str) -> str:
        """The environment's token of a role, the first one of several, or empty."""
        first = self.environ.get(f"{role.upper()}_TOKEN", "").partition(",")[0].strip()
        return NAME_OF_TOKEN.sub("", first)

    def local_token(self, role: str) -> str:
        """The token of a role that the services made, or empty."""
        file = self.project.run_dir / "secrets" / f"{role}-token"
        return file.read_text().strip() if file.exists() else ""

    @property
    def lock(self) -> Path:
        """Locked while services are started or stopped."""
        return self.project.run_dir / "lock"

    @contextmanager
    def changing(self, stubborn: bool = False) -> Iterator[None]:
        """Hold the lock while services are started or stopped. `stubborn`: on a second Ctrl-C, go on without it."""

        def give_up() -> bool:
            if self.interrupts.asked and not stubborn:
                raise Interrupted
            return self.interrupts.insisted

        with held(self.lock, _say_waiting, give_up):
            yield

    @contextmanager
    def installing(self) -> Iterator[Callable[[Sequence[Sequence[Step]]], None]]:
        """Hold the checkout's lock, whatever the run directory: packages are checked and installed in here.

        Yields a function that runs chains of steps. Their commands hold the lock too: if manage_all.py is killed, the
        next one waits for them.
        """

        def give_up() -> bool:
            if self.interrupts.asked:
                raise Interrupted
            return False

        with held(self.project.root / ".run" / "install.lock", _say_waiting, give_up) as descriptor:
            yield lambda chains: run(chains, self.project.run_dir / "logs", self.interrupts, (descriptor,))


def of_last_up(root: Path) -> Context:
    """For commands that use the services of the last `up`."""
    chosen = last_choices(run_dir_of(root, os.environ)) or Choices()
    return Context(load(root, chosen.port_base, shape=chosen.shape), chosen)


def of_new_up(root: Path, port_base: int | None, reload: bool, shape: Shape) -> Context:
    """For `up`: its own options, unless services run already; then theirs."""
    from launcher.run import fleet

    before = of_last_up(root)
    live = next(iter(fleet.running(before.project).values()), None)
    asked = port_base or _port_base_of_shell()
    if live and asked and asked != live.port_base:
        cure = "python3 manage_all.py down   (then again)"
        raise Problem(f"Blogbus already runs on --port-base {live.port_base}.", cure)
    if live and shape not in (ALONE, before.choices.shape):
        what = "Blogbus already runs with other engines or replicas."
        raise Problem(what, "python3 manage_all.py down   (then again)")
    shape = before.choices.shape if live else shape
    _check(shape)
    base = live.port_base if live else asked or DEFAULT_PORT_BASE
    chosen = Choices(base, reload, shape, environment.settings(os.environ, before.project.names))
    return Context(load(root, base, shape=shape), chosen, before.interrupts)


def _check(shape: Shape) -> None:
    """Raises Problem for what cannot run together."""
    logs = [name for name in shape.engines if name != "postgres"]
    if len(logs) > 1:
        raise Problem(f"There is one log, and --engine names {' and '.join(logs)} for it.", "Leave one of them out.")
    if shape.engines and "EVENTBUS_LOG" in os.environ:
        what = f"EVENTBUS_LOG is set, and so is --engine {','.join(shape.engines)}."
        raise Problem(what, "Unset EVENTBUS_LOG, or leave out --engine.")
    given = [name for name in os.environ if name.endswith("_DATABASE_URL") and name != "TEST_DATABASE_URL"]
    if "postgres" in shape.engines and given:
        what = f"{given[0]} is set, and --engine postgres sets it too."
        raise Problem(what, f"Unset {given[0]}, or leave out --engine.")
    if shape.replicas and "postgres" not in shape.engines:
        what = "Replicas share one database, and a SQLite file belongs to one process."
        raise Problem(what, "Add --engine postgres.")


def _port_base_of_shell() -> int:
    text = os.environ.get("BLOGBUS_PORT_BASE") or "0"
    if not text.isdecimal():
        raise Problem(f"BLOGBUS_PORT_BASE is {text!r}.", "Set it to a number, such as 14000, or unset it.")
    return int(text)


def _say_waiting(pid: str) -> None:
    terminal.say(f"  Waiting for another {Path(sys.argv[0]).name} (pid {pid}) to finish …")


@contextmanager
def held(path: Path, waiting: Callable[[str], None], give_up: Callable[[], bool]) -> Iterator[int]:
    """Wait for the lock, reporting the holder's pid once, until `give_up` returns true.

    Yields its descriptor: a child process that inherits it holds the lock until it ends, even if its parent dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        said = False
        while not _taken(file.fileno()) and not give_up():
            if not said:
                file.seek(0)
                waiting(file.read().strip() or "unknown")
                said = True
            time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def is_free(path: Path) -> bool:
    """Whether no process holds the lock at `path`."""
    with path.open("a+") as file:
        return _taken(file.fileno())


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
