"""Plain SQL where building the same querysets again and again costs more than the database takes."""

from typing import NamedTuple

import orjson
from django.db import DEFAULT_DB_ALIAS, connection

from eventbus.models import Discard, Lane, Parked, Subscription

_LANE = [field.attname for field in Lane._meta.concrete_fields]
_SUBSCRIPTION = ["name", "url", "types", "batch_size", "format", "catch_up", "inbox_id", "paused", "heard_at"]
_TYPES = len(_LANE) + _SUBSCRIPTION.index("types")


def _columns(table: str, names: list[str]) -> str:
    return ", ".join(f'{table}."{name}"' for name in names)


_LOAD = f"""
    SELECT {_columns("lane", _LANE)}, {_columns("subscription", _SUBSCRIPTION)},
        EXISTS (SELECT 1 FROM {Parked._meta.db_table} WHERE lane_id = lane.id),
        EXISTS (SELECT 1 FROM {Discard._meta.db_table} WHERE subscription_id = lane.subscription_id)
    FROM {Lane._meta.db_table} lane
    JOIN {Subscription._meta.db_table} subscription ON subscription.name = lane.subscription_id
    WHERE lane.id = %s"""


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
