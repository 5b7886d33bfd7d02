"""POST /events where the log is in the database: on disk, or refused with nothing stored."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from samples import comment

from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.open import use
from eventbus.models import StoredEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log() -> Iterator[DatabaseLog]:
    fresh = DatabaseLog(3)
    use(fresh)
    yield fresh
    use(None)


@contextmanager
def full_disk() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests freed would be used again
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
        yield
        cursor.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def locked() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        cursor.execute("PRAGMA busy_timeout = 20000")


@contextmanager
def locked_table() -> Iterator[None]:
    with connection.cursor() as cursor, closing(connection.copy()) as other, other.cursor() as another:
        cursor.execute("SET lock_timeout = 50")
        another.execute("BEGIN")
        another.execute(f"LOCK TABLE {StoredEvent._meta.db_table} IN EXCLUSIVE MODE")
        yield
        another.execute("ROLLBACK")
        cursor.execute("SET lock_timeout = 0")


TROUBLES = {"sqlite": [full_disk, locked], "postgresql": [locked_table]}


def test_it_is_acknowledged_as_on_disk_and_known_when_it_comes_again(publish: Any, log: DatabaseLog) -> None:
    event = comment()
    said = {"logId": log.log_id, "durability": "fsync"}

    assert publish(event).json() == said | {"accepted": 1, "duplicates": 0}
    assert publish([event, comment()], Log_Id=log.log_id).json() == said | {"accepted": 1, "duplicates": 1}
    assert publish(event, Log_Id="another").status_code == 412
    assert publish(event | {"subject": "changed"}).status_code == 409
    assert StoredEvent.objects.count() == 2


@pytest.mark.parametrize("trouble", TROUBLES[connection.vendor])
def test_what_can_not_be_stored_is_503_with_nothing_stored_and_is_taken_later(
    publish: Any, log: DatabaseLog, trouble: Any
) -> None:
    publish(comment())
    batch = [comment(str(n), data=comment(str(n))["data"] | {"content": "x" * 10_000}) for n in range(100)]

    with trouble():
        refused = publish(batch)
        assert StoredEvent.objects.count() == 1

    assert (refused.status_code, refused["Retry-After"]) == (503, "1")
    assert refused.json()["detail"] == "The database is not available."
    assert publish(batch).json()["accepted"] == 100
