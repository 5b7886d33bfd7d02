"""Plain SQL of applying a batch: building the same querysets again costs more than the database takes."""

from collections.abc import Collection

from django.db import connection

from svc_chassis.events.event import CloudEvent
from svc_chassis.inbox.models import InboxEvent

Key = tuple[str, str]
_TABLE = InboxEvent._meta.db_table


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
