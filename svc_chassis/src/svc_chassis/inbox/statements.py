"""Plain SQL of applying a batch: building the same querysets again costs more than the database takes."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from svc_chassis.database.rows import execute_rows
from svc_chassis.events.event import CloudEvent
from svc_chassis.inbox.models import Inbox, InboxEvent

Key = tuple[str, str]
_TABLE = InboxEvent._meta.db_table


class Row(NamedTuple):
    """A row of the inbox."""

    source: str
    event_id: str
    type: str
    subject: str
    version: int | None


_KEEP = f"INSERT INTO {_TABLE} ({', '.join(Row._fields)}, applied_at) VALUES {{rows}}"


def hold() -> None:
    """Lock the inbox until the transaction ends."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {Inbox._meta.db_table} WHERE id = 1{lock}")
        if cursor.fetchone():
            return
    Inbox.hold()  # which creates it


def present_copy() -> UUID:
    """The name of this copy of the database: another one after a restore, and after a loss."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT copy_id FROM {Inbox._meta.db_table} WHERE id = 1")
        row = cursor.fetchone()
    if row is None:
        return Inbox.objects.get_or_create(pk=1)[0].copy_id
    return row[0] if isinstance(row[0], UUID) else UUID(row[0])


def keep(rows: list[Row]) -> None:
    """Add these rows. Raises IntegrityError if one of them is there."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        execute_rows(cursor, _KEEP, ((*row, now) for row in rows))


def applied(events: Collection[CloudEvent]) -> tuple[set[Key], dict[Key, int]]:
    """Of `events`, those that were applied, as (source, id); by (source, subject), the last version applied."""
    if not events:
        return set(), {}
    sources, ids, subjects = ({getattr(event, name) for event in events} for name in ("source", "id", "subject"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT source, event_id FROM {_TABLE} WHERE source {_in(sources)} AND event_id {_in(ids)}",
            [*sources, *ids],
        )
        known = set(cursor.fetchall())
        cursor.execute(
            f"SELECT source, subject, MAX(version) FROM {_TABLE}"
            f" WHERE source {_in(sources)} AND subject {_in(subjects)} GROUP BY source, subject",
            [*sources, *subjects],
        )
        return known, {(source, subject): last for source, subject, last in cursor.fetchall() if last is not None}


def _in(values: Collection[str]) -> str:
    return f"IN ({', '.join(['%s'] * len(values))})"
