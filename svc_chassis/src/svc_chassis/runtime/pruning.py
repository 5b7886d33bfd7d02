"""What `manage.py prune_events` deletes: each app says which of its rows may go, and why the others stay."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

BATCH = 500
"""rows deleted in one transaction: writers wait for milliseconds"""
YOUNG = "not old enough"

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Pruning:
    """One table: the rows that may go, and the others by why they stay."""

    table: str
    goes: Rows
    stays: dict[str, Rows]


Tables = Callable[[datetime], Iterator[Pruning]]
"""The tables of an app, given the moment before which a row is old."""


def prune(rows: Rows) -> int:
    """Delete `rows`, some at a time, each in a short transaction of its own; how many."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.filter(pk__in=keys).delete()[0]
    return deleted


def by_age(table: str, rows: Rows, field: str, before: Any) -> Pruning:
    return Pruning(table, rows.filter(**{f"{field}__lt": before}), {YOUNG: rows.filter(**{f"{field}__gte": before})})


def kept(table: str, rows: Rows, why: str) -> Pruning:
    """None of `rows` may go."""
    return Pruning(table, rows.none(), {why: rows})
