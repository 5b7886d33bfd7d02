"""The database of each service, and operations on its SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from launcher.context import Context
from launcher.project import Problem, Service
from launcher.run import serving

MARK = "database_owner"  # the table in which each service writes its name
IOERR, FULL = 10, 13  # SQLITE_IOERR, SQLITE_FULL
MIB = 1024 * 1024


class InUse(Problem):
    """Another process has the file open."""


@dataclass(frozen=True)
class Database:
    """A SQLite `file`, or a database on a `server`, which its own tools back up."""

    service: Service
    file: Path | None
    server: str = ""


def of(context: Context, service: Service) -> Database:
    """The database that `service` uses."""
    url = serving.variables(context.project, service, context.environ).get("DATABASE_URL", "").strip()
    parts = urlsplit(url)
    if not url:
        return Database(service, context.project.run_dir / f"{service.name}.sqlite3")
    if parts.scheme == "sqlite":
        return Database(service, service.folder / unquote(parts.path[1:]))
    return Database(service, None, f"{parts.path[1:]} on {parts.hostname or 'this machine'}")


def url_of(file: Path) -> str:
    """The DATABASE_URL of a file; special characters are quoted."""
    return f"sqlite:///{quote(str(file))}"


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an existing file. Raises Problem for errors of SQLite."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", timeout=5, uri=True)) as connection:
            connection.isolation_level = None
            yield connection
    except sqlite3.Error as error:
        raise _problem(file, error) from error


def owner(connection: sqlite3.Connection) -> str | None:
    """The service that owns the database, or None if it has no mark."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [MARK]).fetchone():
        return None
    row = connection.execute(f"SELECT service FROM {MARK}").fetchone()
    return str(row[0]) if row else None


def fold(file: Path) -> None:
    """Merge `-wal` into the file. Raises Problem while another process has it open."""
    with opened(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    flush(file)


def flush(file: Path) -> None:
    """fsync a file or folder."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_full(folder: Path, needed: int, free: int | None = None) -> Problem:
    has = "" if free is None else f", {free // MIB + 1} free"
    return Problem(
        f"Not enough disk space in {folder}: {needed // MIB + 1} MiB needed{has}.",
        "Free some space, or use another disk.",
    )


def _problem(file: Path, error: sqlite3.Error) -> Problem:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == FULL:
        return Problem(f"The disk of {file.parent} is full.", "Free some space, or use another disk.")
    if code == IOERR:
        return Problem(
            f"{file} cannot be written or read: {error}.", "Check the disk, and the limits of this shell (ulimit -f)."
        )
    if "locked" in str(error):
        return InUse(f"Another program has {file} open.", "Stop it and run the same command again.")
    return Problem(f"{file}: {error}.", "The file is damaged or not a SQLite database. Use another copy.")
