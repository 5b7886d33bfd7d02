"""The database fails, two deliver at once, the process dies: each event still has its effect once."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.conf import settings as live
from django.db import InternalError, connection
from django.test import Client
from orders.events import GoodsArrived, PriceChanged
from orders.models import Entry

from svc_chassis.events.event import BATCH_TYPE
from svc_chassis.events.signing import signed
from svc_chassis.inbox.models import Inbox, InboxEvent
from svc_chassis.testing.plugin import Deliver, wire

pytestmark = pytest.mark.django_db(transaction=True)
sqlite_only = pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="SQLite's own fault")


def goods(count: int, item: str = "tea") -> list[dict[str, Any]]:
    return [wire(GoodsArrived(id=f"g{n}", item=item, version=1)) for n in range(count)]


def post(events: list[dict[str, Any]]) -> Any:
    body = orjson.dumps(events)
    return Client().post("/events", body, content_type=BATCH_TYPE, headers=signed(body, "eventbus", live.EVENTS_KEYS))


def assert_unavailable(response: Any) -> None:
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert response.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database is not available.",
    }


@pytest.fixture
def full_database() -> Iterator[None]:
    """No page can be added to the database until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@sqlite_only
def test_a_full_database_is_answered_503_and_nothing_is_applied(full_database: None, deliver: Deliver) -> None:
    events = goods(200, "x" * 2000)

    assert_unavailable(post(events))

    assert (Entry.objects.count(), InboxEvent.objects.count()) == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert {result["status"] for result in deliver(*events)} == {"applied"}


@sqlite_only
def test_a_locked_database_is_answered_503_and_nothing_is_applied(deliver: Deliver) -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")

    assert_unavailable(post(goods(1)))

    other.rollback()
    other.close()
    assert Entry.objects.count() == 0
    assert [result["status"] for result in deliver(*goods(1))] == ["applied"]


def test_a_database_without_its_tables_is_answered_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inbox._meta, "db_table", "not_migrated")

    assert_unavailable(post(goods(1)))


def test_a_database_that_turned_read_only_is_answered_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise InternalError("cannot execute SELECT FOR UPDATE in a read-only transaction")

    monkeypatch.setattr(Inbox, "hold", refuse)

    assert_unavailable(post(goods(1)))


def test_two_deliveries_at_once_apply_each_event_once() -> None:
    batches = [goods(0)] + [
        [wire(PriceChanged(id=f"p{n}", amount=version, version=version)) for n in range(20)] for version in (1, 2, 3)
    ]
    answers: list[list[str]] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        for batch in batches:
            answers.append([result["status"] for result in post(batch).json()["results"]])
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(answer.count("applied") for answer in answers) == 60
    assert sum(answer.count("duplicate") for answer in answers) == 180
    for n in range(20):
        texts = list(Entry.objects.filter(subject=f"p{n}").order_by("id").values_list("text", flat=True))
        assert texts == ["1", "2", "3"]


DYING = """
import os, sys
import django
django.setup()
from django.db import transaction
from svc_chassis.inbox import apply as applying
from svc_chassis.events.event import parse
import orjson
if sys.argv[1] == "before the commit":
    applying.statements.keep = lambda rows: os._exit(9)
applying.apply_batch(parse(orjson.loads(sys.stdin.buffer.read())))
os._exit(9)
"""


@sqlite_only
@pytest.mark.parametrize(("moment", "status"), [("before the commit", "applied"), ("before the answer", "duplicate")])
def test_a_process_that_dies_with_a_batch_in_hand_leaves_each_event_applied_once(
    moment: str, status: str, deliver: Deliver
) -> None:
    events = goods(3)
    here = str(Path(__file__).parent)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{quote(str(connection.settings_dict['NAME']))}",
        "PYTHONPATH": os.pathsep.join([here, *sys.path]),
    }
    died = subprocess.run(
        [sys.executable, "-c", DYING, moment], input=orjson.dumps(events), env=environment, check=False
    )

    assert died.returncode == 9
    assert [result["status"] for result in deliver(*events)] == [status] * 3
    assert sorted(Entry.objects.values_list("subject", flat=True)) == ["g0", "g1", "g2"]
