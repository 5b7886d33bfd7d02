"""`backup`: a consistent copy of every service's database, while all of them run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from launcher import backups, databases, terminal
from launcher.backups import Copy, Manifest
from launcher.context import Context
from launcher.databases import MIB, Database
from launcher.problems import Interrupted, Problem

PAGES = 500  # copied between two looks at Ctrl-C


def backup(context: Context, folder: Path) -> int:
    """All copies are of one moment, to milliseconds; nobody has to wait for it. Keys and tokens are not in it."""
    project = context.project
    # Who is copied first knows less: it is told again what it lacks, and never knows what its publisher does not.
    found = [databases.of(context, service) for service in reversed(project.backends)]
    for database in found:
        if database.server:
            terminal.warn(database.service.name, f"is in PostgreSQL ({database.server}): back it up with pg_dump")
    files = [database for database in found if database.file and database.file.exists()]
    if not files:
        raise Problem("There is no SQLite database yet.", f"{context.command} up")
    with context.changing():
        backups.begin(folder)
        try:
            copies = _copies(context, files, folder)
            elsewhere = {database.service.name: database.server for database in found if database.server}
            Manifest(backups.now(), backups.release(project.root), copies, elsewhere).write(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    terminal.say(f"  {context.command} restore {folder}   puts it back")
    return 0


def _copies(context: Context, files: Sequence[Database], folder: Path) -> dict[str, Copy]:
    with ExitStack() as stack:
        held = [(each, stack.enter_context(databases.opened(_file(each)))) for each in files]
        for _, source in held:
            # A read transaction that is held: a copy begins anew at each write otherwise, and may never end.
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
    done = backups.digest(target, None, lambda seen: progress(seen, size))
    progress.end(f"{done.bytes / MIB:.1f} MiB")
    return done


class Progress:
    """A line that says how far one file is; Ctrl-C ends it between two pieces."""

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
