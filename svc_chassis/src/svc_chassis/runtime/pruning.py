"""What `manage.py prune_events` deletes: each app lists the rows to delete, and why it keeps the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

BATCH = 500
"""rows deleted in one transaction, so that writers wait only for milliseconds"""
YOUNG = "not old enough"

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Pruning:
    """One table: the rows to delete, and the others by the reason to keep them."""

    table: str
    goes: Rows
    stays: dict[str, Rows]


Tables = Callable[[datetime], Iterator[Pruning]]
"""The tables of an app, given the moment before which a row is old."""


def prune(rows: Rows) -> int:
    """Delete `rows` in batches, each in a short transaction; how many were deleted."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.filter(pk__in=keys).delete()[0]
    return deleted


def by_age(table: str, rows: Rows, field: str, before: Any) -> Pruning:
    return Pruning(table, rows.filter(**{f"{field}__lt": before}), {YOUNG: rows.filter(**{f"{field}__gte": before})})


def kept(table: str, rows: Rows, why: str) -> Pruning:
    """Keep all of `rows`."""
    return Pruning(table, rows.none(), {why: rows})
