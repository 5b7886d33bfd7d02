"""Plain SQL where building the same querysets again and again costs more than the database takes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import orjson
from django.db import DEFAULT_DB_ALIAS, connection

from eventbus.models import Attempt, Discard, Lane, Parked, Subscription

_LANE = [field.attname for field in Lane._meta.concrete_fields]
_SUBSCRIPTION = ["name", "url", "types", "batch_size", "format", "catch_up", "inbox_id", "paused", "heard_at"]
_TYPES = len(_LANE) + _SUBSCRIPTION.index("types")


def _columns(table: str, names: Iterable[str]) -> str:
    return ", ".join(f'{table}."{name}"' for name in names)


_LOAD = f"""
    SELECT {_columns("lane", _LANE)}, {_columns("subscription", _SUBSCRIPTION)},
        EXISTS (SELECT 1 FROM {Parked._meta.db_table} WHERE lane_id = lane.id),
        EXISTS (SELECT 1 FROM {Discard._meta.db_table} WHERE subscription_id = lane.subscription_id)
    FROM {Lane._meta.db_table} lane
    JOIN {Subscription._meta.db_table} subscription ON subscription.name = lane.subscription_id
    WHERE lane.id = %s"""


class AttemptRow(NamedTuple):
    """A row of `Attempt`."""

    lane_id: int
    log_id: str
    first: int
    last: int
    offsets: list[int]
    time: float
    status: int | None
    latency_ms: float
    error: str


_OFFSETS = AttemptRow._fields.index("offsets")
_ATTEMPT = f"({', '.join(['%s'] * len(AttemptRow._fields))})"
_RECORD = f"INSERT INTO {Attempt._meta.db_table} ({', '.join(AttemptRow._fields)}) VALUES "


class LaneState(NamedTuple):
    lane: Lane
    """with its subscription"""
    parked: bool
    """whether events are parked at the lane"""
    discards: bool
    """whether dead letters of the subscription were discarded"""


def lane_state(lane_id: int) -> LaneState | None:
    """All that a lane's step needs to know. None if the subscription was removed."""
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [lane_id])
        row = cursor.fetchone()
    if row is None:
        return None
    *values, parked, discards = row
    values[_TYPES] = orjson.loads(values[_TYPES])
    lane = Lane.from_db(DEFAULT_DB_ALIAS, _LANE, values[: len(_LANE)])
    lane.subscription = Subscription.from_db(DEFAULT_DB_ALIAS, _SUBSCRIPTION, values[len(_LANE) :])
    return LaneState(lane, bool(parked), bool(discards))


def update_lane(lane: Lane, values: Mapping[str, Any]) -> bool:
    """Set columns of its row. False if it was rewound or taken over since `lane` was read: then nothing is set."""
    assignments = ", ".join(f'"{name}" = %s' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Lane._meta.db_table} SET {assignments} WHERE id = %s AND epoch = %s",
            [*values.values(), lane.pk, lane.epoch],
        )
        return bool(cursor.rowcount)


def record(attempts: Sequence[AttemptRow]) -> list[int]:
    """Add these rows; their ids."""
    values = [(*row[:_OFFSETS], orjson.dumps(row.offsets).decode(), *row[_OFFSETS + 1 :]) for row in attempts]
    with connection.cursor() as cursor:
        places = ", ".join([_ATTEMPT] * len(values))
        cursor.execute(f"{_RECORD}{places} RETURNING id", list(chain.from_iterable(values)))
        return [row[0] for row in cursor.fetchall()]
