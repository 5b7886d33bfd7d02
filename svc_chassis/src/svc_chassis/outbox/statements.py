"""Plain SQL of publish and relay: building the same querysets again costs more than the database takes."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from svc_chassis.outbox.models import OutboxEvent, VersionFloor

_TABLE = OutboxEvent._meta.db_table


class Unsent(NamedTuple):
    """An outbox row to send."""

    seq: int
    type: str
    body: bytes
    log_id: str
    """of the log that acknowledged it before"""


_ADD = (
    f"INSERT INTO {_TABLE} (event_id, type, subject, body, tombstone, log_id, refusal, created_at) "
    "VALUES (%s, %s, %s, %s, %s, '', '', %s)"
)
_NEW = f"SELECT {', '.join(Unsent._fields)} FROM {_TABLE} WHERE log_id = '' ORDER BY seq LIMIT %s"


def add(event_id: UUID, event_type: str, subject: str, body: bytes, tombstone: bool) -> None:
    """Add an event that no log has acknowledged yet."""
    key = event_id if connection.features.has_native_uuid_field else event_id.hex
    created_at = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [key, event_type, subject, body, tombstone, created_at])


def version_floor() -> int:
    """The version that a restore left; 0 before the first one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT version FROM {VersionFloor._meta.db_table} WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def new(limit: int) -> list[Unsent]:
    """The oldest rows that no log has acknowledged yet."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [limit])
        return list(map(Unsent._make, cursor.fetchall()))


def acknowledge(seqs: list[int], log_id: str) -> None:
    """Record the log that stored these rows."""
    places = ", ".join(["%s"] * len(seqs))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_TABLE} SET log_id = %s WHERE seq IN ({places})", [log_id, *seqs])
