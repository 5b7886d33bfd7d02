"""`restore`: replace databases by those of a backup, while other services may go on.

Each copy is prepared beside the present file and replaces it with one rename: wherever this is interrupted, a service
finds one complete database, the former or the restored one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Service
from launcher.run import backup, databases, fleet
from launcher.run.backup import Manifest, Progress
from launcher.run.serving import variables
from launcher.setup import steps
from launcher.setup.steps import Command, Step

SIDES = ("-wal", "-shm", "-journal")  # SQLite's own files beside a database


@dataclass(frozen=True)
class Restored:
    """A service, its database file, and the prepared copy that replaces it."""

    service: Service
    file: Path
    copy: Path


def restore(context: Context, folder: Path, only: Sequence[str]) -> int:
    """Stop the services, replace their databases, and start those that were running."""
    project, manifest = context.project, backup.read(folder)
    if not project.python.exists():
        raise Problem("Nothing is installed yet.", f"{context.command} up")
    with context.changing():
        chosen = _chosen(context, manifest, only)
        try:
            _make_ready(context, manifest, folder, chosen)
            ran = [each.service for each in chosen if each.service.name in fleet.running(project)]
            fleet.stop(project, [each.service for each in chosen], context.interrupts)
            try:
                for each in chosen:
                    aside = _put_in_place(each)
                    terminal.done(each.service.title, f"restored{f'; the former database is {aside}' if aside else ''}")
            finally:
                if ran:
                    fleet.start(project, ran, context.choices.reload, context.environ, context.interrupts)
        finally:
            for each in chosen:
                _remove(each.copy)
    terminal.say(f"  Restored to {manifest.made}. Events since then are delivered again within seconds.")
    return 0


def _chosen(context: Context, manifest: Manifest, only: Sequence[str]) -> list[Restored]:
    """What can be restored. Prints what cannot; with `only`, raises Problem for it."""
    chosen = []
    for service in context.project.backends:
        if only and service.name not in only:
            continue
        database = databases.of(context, service)
        if not database.file:
            what = f"is in PostgreSQL ({database.server})"
            cure = f"pg_restore it, then run manage.py after_restore in {service.folder.name}"
        elif service.name not in manifest.services:
            what, cure = "is not in this backup", "its database stays."
        else:
            copy = database.file.with_name(f"{database.file.name}.restoring")
            chosen.append(Restored(service, database.file, copy))
            continue
        if only:
            raise Problem(f"{service.name} {what}.", cure)
        terminal.warn(service.name, f"{what}: {cure}")
    for name in manifest.services.keys() - set(context.project.names):
        terminal.warn(name, "is in the backup, but not a service here")
    if not chosen:
        raise Problem("This backup has no database that can be restored here.")
    return chosen


def _make_ready(context: Context, manifest: Manifest, folder: Path, chosen: Sequence[Restored]) -> None:
    """Copy, check and migrate while the services still run: an invalid backup is found here."""
    for each in chosen:
        _copy(context, manifest, folder, each)
    commands = [_after_restore(context, each) for each in chosen]
    by = f", made at commit {manifest.release}" if manifest.release else ""
    terminal.say(f"  Backup of {manifest.made}{by}.")
    steps.run([[Step("Migrations of the copies", commands)]], context.project.run_dir / "logs", context.interrupts)
    for each in chosen:
        databases.fold(each.copy)


def _copy(context: Context, manifest: Manifest, folder: Path, each: Restored) -> None:
    name, source, told = (
        each.service.name,
        folder / f"{each.service.name}.sqlite3",
        manifest.services[each.service.name],
    )
    if not source.is_file():
        raise Problem(f"{source} is missing.", "Use another backup, or select other services with --only.")
    _remove(each.copy)
    each.file.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(each.file.parent).free
    if told.bytes > free:
        raise databases.disk_full(each.file.parent, told.bytes, free)
    progress = Progress(context, name)
    each.copy.touch(mode=0o600)
    try:
        found = backup.digest(source, each.copy, lambda done: progress(done, told.bytes))
    except OSError as error:
        raise Problem(f"{name}: {error.strerror}.", "Fix that and run the same command again.") from error
    if found != told:
        raise Problem(f"{source} was changed or truncated since the backup.", "Use another backup.")
    with databases.opened(each.copy) as connection:
        if (owner := databases.owner(connection)) not in (None, name):
            raise Problem(f"{source} is the database of {owner}, not of {name}.", "Use another backup.")
    progress.end("copied and checked")


def _after_restore(context: Context, each: Restored) -> Command:
    """Migrates the copy, and requests the events since then again."""
    argv = (str(context.project.python), "manage.py", "after_restore")
    environ = variables(context.project, each.service, context.environ)
    return Command(argv, each.service.folder, {**environ, "DATABASE_URL": databases.url_of(each.copy)})


def _put_in_place(each: Restored) -> Path | None:
    """Replace the file. Returns the path of the former one, which stays until a person deletes it, or None."""
    aside = each.file.with_name(f"{each.file.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    if each.file.exists():
        try:
            databases.fold(each.file)
        except databases.InUse:
            raise
        except Problem as problem:
            terminal.warn(each.service.name, f"the former database is damaged: {problem.what}")
        _keep(each.file, aside)
    for side in SIDES:
        # Left by a damaged or lost database: SQLite would apply them to the restored one.
        if (beside := each.file.with_name(each.file.name + side)).exists():
            beside.rename(aside.with_name(aside.name + side))
    each.copy.replace(each.file)
    databases.flush(each.file.parent)
    return aside if aside.exists() else None


def _keep(file: Path, aside: Path) -> None:
    """Keep the file under a second name, without a moment in which the first is missing."""
    try:
        os.link(file, aside)
    except OSError:  # a file system without links
        shutil.copy2(file, aside)


def _remove(copy: Path) -> None:
    for path in (copy, *(copy.with_name(copy.name + side) for side in SIDES)):
        path.unlink(missing_ok=True)
