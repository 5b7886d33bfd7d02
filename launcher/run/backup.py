"""`backup`: a consistent copy of every service's database while they run: a file per service, and a manifest.

The manifest is written last: a backup without it is incomplete.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from launcher import terminal
from launcher.context import Context
from launcher.project import Interrupted, Problem, write_private
from launcher.run import databases
from launcher.run.databases import MIB, Database

PAGES = 500  # copied between two checks for Ctrl-C
MANIFEST = "manifest.json"
FORMAT = 1
PIECE = 1024 * 1024  # bytes


def backup(context: Context, folder: Path) -> int:
    """Copy all databases as of one moment, without blocking services. Keys and tokens are left out."""
    project = context.project
    # Consumers first: after a restore they may lack events, which come again, but never have more than publishers.
    found = [databases.of(context, service) for service in reversed(project.backends)]
    for database in found:
        if database.server:
            terminal.warn(database.service.name, f"is in PostgreSQL ({database.server}): back it up with pg_dump")
    files = [database for database in found if database.file and database.file.exists()]
    if not files:
        raise Problem("There is no SQLite database yet.", f"{context.command} up")
    with context.changing():
        begin(folder)
        try:
            copies = _copies(context, files, folder)
            elsewhere = {database.service.name: database.server for database in found if database.server}
            Manifest(now(), release(project.root), copies, elsewhere).write(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    terminal.say(f"  To restore it: {context.command} restore {folder}")
    return 0


def _copies(context: Context, files: Sequence[Database], folder: Path) -> dict[str, Copy]:
    with ExitStack() as stack:
        held = [(each, stack.enter_context(databases.opened(_file(each)))) for each in files]
        for _, source in held:
            # Hold a read transaction: otherwise each write restarts the copy, and it may never finish.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        needed, free = sum(_size(source) for _, source in held), shutil.disk_usage(folder).free
        if needed > free:
            raise databases.disk_full(folder, needed, free)
        return {each.service.name: _copy(context, each, source, folder) for each, source in held}


def _copy(context: Context, database: Database, source: sqlite3.Connection, folder: Path) -> Copy:
    name, target = database.service.name, folder / f"{database.service.name}.sqlite3"
    target.touch(mode=0o600)
    progress = Progress(context, name)
    with databases.opened(target) as copy:
        size = _size(source)
        source.backup(copy, pages=PAGES, progress=lambda _, left, pages: progress(size * (pages - left) // pages, size))
    databases.fold(target)
    done = digest(target, None, lambda seen: progress(seen, size))
    progress.end(f"{done.bytes / MIB:.1f} MiB")
    return done


class Progress:
    """A progress line for one file. Raises Interrupted between two pieces on Ctrl-C."""

    def __init__(self, context: Context, name: str) -> None:
        self._interrupts, self._name, self._block = context.interrupts, name, terminal.Block()

    def __call__(self, done: int, of: int) -> None:
        self._block.draw([f"{self._name:24}{done * 100 // max(of, 1):>3} %"])
        if self._interrupts.asked:
            self._block.clear()
            raise Interrupted

    def end(self, note: str) -> None:
        self._block.clear()
        terminal.done(self._name, note)


def _size(connection: sqlite3.Connection) -> int:
    pages, size = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    return int(pages) * int(size)


def _file(database: Database) -> Path:
    assert database.file is not None
    return database.file


@dataclass(frozen=True)
class Copy:
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    made: str
    release: str  # the commit, where it is known
    services: dict[str, Copy]
    elsewhere: dict[str, str] = field(default_factory=dict)  # services whose database a server keeps

    def write(self, folder: Path) -> None:
        write_private(folder / MANIFEST, json.dumps({"format": FORMAT, **asdict(self)}, indent=2))


def begin(folder: Path) -> None:
    """Create the folder of a new backup. Raises Problem if it cannot be created or is not empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise Problem(f"{folder}: {error.strerror}.", "Choose a folder that can be created.") from error
    if names:
        what = "holds a backup already" if MANIFEST in names else "is not empty"
        raise Problem(f"{folder} {what}.", "Choose a new folder. You may delete an interrupted backup.")


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def release(root: Path) -> str:
    """The commit of the checkout, or empty."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip()


def read(folder: Path) -> Manifest:
    """The manifest. Raises Problem if the folder is not a complete backup."""
    try:
        said = json.loads((folder / MANIFEST).read_text())
        if said.pop("format") != FORMAT:
            raise Problem(f"The backup in {folder} was made by another release.", "Restore it with that release.")
        copies = {name: Copy(**row) for name, row in said.pop("services").items()}
        return Manifest(services=copies, **said)
    except FileNotFoundError as error:
        if any(folder.glob("*.sqlite3")):
            what = f"The backup in {folder} is incomplete: it has no {MANIFEST}, which is written last."
            raise Problem(what, "This backup was interrupted. Use another one.") from error
        raise Problem(f"{folder} is not a backup.", "Give the folder that `backup` wrote.") from error
    except OSError as error:
        raise Problem(f"{folder}: {error.strerror}.", "Give the folder that `backup` wrote.") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Problem(f"{folder / MANIFEST} cannot be read.", "It was changed since. Use another backup.") from error


def digest(file: Path, into: Path | None, tick: Callable[[int], None]) -> Copy:
    """Size and SHA-256 of `file`, copied to `into` if given. `tick` gets the number of bytes done."""
    seen, done = hashlib.sha256(), 0
    with file.open("rb") as source, (into or Path("/dev/null")).open("wb") as target:
        while piece := source.read(PIECE):
            seen.update(piece)
            target.write(piece)
            done += len(piece)
            tick(done)
    return Copy(done, seen.hexdigest())
