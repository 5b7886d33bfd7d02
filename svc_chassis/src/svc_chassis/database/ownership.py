"""A database belongs to one service: it is marked with the owner's name, and refuses every other service.

Two services in one database would share an outbox and an inbox, and lose each other's events.
"""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

from svc_chassis.database.migrations import FORMER

MARK = "database_owner"
"""the table of one row that names the owner; no model, so that a test's flush leaves it"""
CLAIM = 4_005_001
"""names the lock under which PostgreSQL lets one service at a time claim a database"""


class ForeignDatabase(CommandError):
    """The database belongs to another service. Commands print it in one line."""


def guard() -> None:
    """From now on, check that each database this process opens belongs to this service; `migrate` marks it."""
    owner = settings.SERVICE_NAME
    known: set[tuple[str, ...]] = set()

    def check(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:
        place = tuple(str(connection.settings_dict[key]) for key in ("HOST", "PORT", "NAME"))
        if connection.alias == DEFAULT_DB_ALIAS and place not in known and _belongs(connection, owner):
            known.add(place)

    def claim(sender: Any, using: str, **_: Any) -> None:
        if using == DEFAULT_DB_ALIAS:
            _claim(owner)

    connection_created.connect(check, weak=False, dispatch_uid="svc_chassis.database.ownership")
    pre_migrate.connect(claim, weak=False, dispatch_uid="svc_chassis.database.ownership")


def check_now() -> None:
    """Raises ForeignDatabase before the service starts. A database that cannot be reached is checked later."""
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError):
        return
    finally:
        connection.close()


def sqlite_file() -> Path | None:
    """The service's database, if it is a file of SQLite; not a link to it."""
    return Path(connection.settings_dict["NAME"]).resolve() if connection.vendor == "sqlite" else None


def _claim(owner: str) -> None:
    """Mark the database, in one transaction with the check: if two services race for it, one wins."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM])
        if not _belongs(connection, owner):
            cursor.execute(f"CREATE TABLE {MARK} (service varchar(255) NOT NULL)")
            cursor.execute(f"INSERT INTO {MARK} (service) VALUES (%s)", [owner])


def _belongs(connection: BaseDatabaseWrapper, owner: str) -> bool:
    """True if it is marked as the owner's; False if it has no mark and no tables of others."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if MARK in tables:
            cursor.execute(f"SELECT service FROM {MARK}")
            found = {row[0] for row in cursor.fetchall()}
            if found - {owner}:
                raise _refusal(connection, owner, found)
            return True
        if "django_migrations" in tables:
            cursor.execute("SELECT DISTINCT app FROM django_migrations")
            ours = {FORMER, *(app.label for app in apps.get_app_configs())}
            strangers = {row[0] for row in cursor.fetchall()} - ours
        else:
            strangers = set(tables)
    if strangers:
        raise _refusal(connection, owner, strangers)
    return False


def _refusal(connection: BaseDatabaseWrapper, owner: str, others: set[str]) -> ForeignDatabase:
    name, host = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    return ForeignDatabase(
        f"The database {name}{f' on {host}' if host else ''} belongs to {', '.join(sorted(others))}, not to {owner}: "
        f"give {owner} a database of its own (DATABASE_URL)."
    )
