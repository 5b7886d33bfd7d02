"""One process at a time migrates a database; steps that migrations of several services share."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, RunPython

FORMER = "events"
"""the label under which an earlier release kept the tables of outbox, inbox, idempotency and leases"""
MIGRATING = 4_005_002
"""names the lock under which one process at a time migrates a database"""
HYPHENATED = "||'-'||".join(
    f"substr({{0}}, {first}, {count})" for first, count in [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
)


@contextmanager
def migrating(database: BaseDatabaseWrapper) -> Iterator[None]:
    """One process at a time in PostgreSQL: of replicas that start together, the others wait and find nothing to do."""
    if database.vendor != "postgresql":
        yield
        return
    while not _locked(database):  # a wait inside PostgreSQL would be one for who builds an index concurrently
        time.sleep(0.2)
    try:
        yield
    finally:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _locked(database: BaseDatabaseWrapper) -> bool:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
        return bool(cursor.fetchone()[0])


def uuids_as_text(app: str, model: str, *fields: str) -> RunPython:
    """After a UUIDField became a CharField. SQLite kept 32 hexadecimal digits, which get their hyphens (and lose them
    on the way back); PostgreSQL has cast them already."""

    def rewriting(expression: str, length: int) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
        def rewrite(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
            if schema_editor.connection.vendor != "sqlite":
                return
            table = apps.get_model(app, model)._meta.db_table
            for field in fields:
                schema_editor.execute(
                    f"UPDATE {table} SET {field} = {expression.format(field)} WHERE length({field}) = {length}"
                )

        return rewrite

    return RunPython(rewriting(HYPHENATED, 32), rewriting("replace({0}, '-', '')", 36))


class AdoptModel(CreateModel):
    """Takes over the table that an earlier release made for this model, rows and all; creates one if there is none."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        former = f"{FORMER}_{self.name_lower}"
        connection = schema_editor.connection
        if former in connection.introspection.table_names():
            schema_editor.alter_db_table(model, former, model._meta.db_table)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def drop_former(*tables: str) -> RunPython:
    """Removes tables of an earlier release that its service no longer uses, where they are still there."""

    def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in {f"{FORMER}_{table}" for table in tables} & set(
            schema_editor.connection.introspection.table_names()
        ):
            schema_editor.execute(f"DROP TABLE {table}")

    return RunPython(drop, RunPython.noop)
