"""Plain SQL of the relay's hot path: building the same querysets again costs more than the database takes."""

from typing import NamedTuple

from django.db import connection

from svc_chassis.outbox.models import OutboxEvent

_TABLE = OutboxEvent._meta.db_table


class Unsent(NamedTuple):
    """An outbox row to send."""

    seq: int
    type: str
    body: bytes


_NEW = f"SELECT {', '.join(Unsent._fields)} FROM {_TABLE} WHERE log_id = '' ORDER BY seq LIMIT %s"


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
