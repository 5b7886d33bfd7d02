"""`manage.py prune_events` deletes what is old and can't be needed again, and says what it kept, and why."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from orders.events import GoodsArrived
from orders.models import Entry
from standin import StandInBus

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import IDLE, Relay
from svc_chassis.runtime.pruning import BATCH
from svc_chassis.testing.http_server import Heard, Reply
from svc_chassis.testing.plugin import Deliver, wire

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
IN_MEMORY = "kept: the log of the bus does not survive a power loss, and is rebuilt from all outboxes"
MAY_COME = "kept: their events may still be in the log, and could come again"


def prune(*options: str) -> list[str]:
    """The lines that the command says."""
    said = StringIO()
    call_command("prune_events", *options, stdout=said)
    return said.getvalue().splitlines()


def order(*names: str, age: timedelta = timedelta(), log_id: str = "log-1", refusal: str = "") -> None:
    """Orders that were placed `age` ago, and acknowledged by the log `log_id`."""
    for name in names:
        body = {"id": name, "item": "tea"}
        assert Client().post("/orders", body, "application/json").status_code == 201
    rows = OutboxEvent.objects.filter(subject__in=names)
    rows.update(created_at=timezone.now() - age, log_id=log_id, refusal=refusal)


def in_outbox() -> list[str]:
    return list(OutboxEvent.objects.order_by("seq").values_list("subject", flat=True))


@pytest.fixture
def old_inbox(deliver: Deliver) -> None:
    """Two versions of one thing, applied years ago."""
    deliver(*(wire(GoodsArrived(id="g1", item="tea", version=version)) for version in (1, 2)))
    InboxEvent.objects.update(applied_at=timezone.now() - 1000 * DAY)


def test_while_the_bus_keeps_its_log_in_memory_nothing_that_rebuilds_it_is_deleted(
    the_bus: StandInBus, old_inbox: None
) -> None:
    order("a", "b", age=1000 * DAY)

    assert prune() == [
        "orders: what is older than 7 days",
        f"outbox: 0 deleted; 2 {IN_MEMORY}",
        f"inbox: 0 deleted; 2 {IN_MEMORY}",
        "idempotency records: 0 deleted",
    ]
    assert (in_outbox(), InboxEvent.objects.count()) == (["a", "b"], 2)


@pytest.mark.parametrize("durability", ["fsync", "quorum"])
def test_with_a_durable_log_what_it_acknowledged_long_ago_is_deleted_and_nothing_else(
    the_bus: StandInBus, old_inbox: None, durability: str
) -> None:
    the_bus.durability = durability
    order("old", "older", age=8 * DAY)
    order("young", age=6 * DAY)
    order("unsent", age=8 * DAY, log_id="")
    order("sent-to-a-history-that-was-lost", age=8 * DAY, log_id="log-0")
    order("refused", age=8 * DAY, log_id="", refusal="not this one")
    order("removed", age=8 * DAY)
    OutboxEvent.objects.filter(subject="removed").update(tombstone=True)

    assert prune() == [
        "orders: what is older than 7 days",
        "outbox: 2 deleted; 1 kept: not old enough; 3 kept: not acknowledged by the log that the bus has now; "
        "1 kept: tombstones: a log that is restored from a backup needs them again",
        f"inbox: 0 deleted; 2 {MAY_COME}",
        "idempotency records: 0 deleted",
    ]
    assert in_outbox() == ["young", "unsent", "sent-to-a-history-that-was-lost", "refused", "removed"]
    assert (InboxEvent.objects.count(), Entry.objects.filter(text="tea").count()) == (2, 9)


def test_an_inbox_row_is_deleted_after_its_event_left_the_log_and_a_newer_one_tells_what_comes_late(
    the_bus: StandInBus, deliver: Deliver
) -> None:
    now = timezone.now()
    the_bus.durability, the_bus.kept_since = "fsync", (now - 20 * DAY).isoformat()
    ages = {"left": 30, "just-left": 20, "kept": 15, "young": 3}
    superseded = [wire(GoodsArrived(id=name, item="tea", version=1)) for name in ages]
    deliver(*superseded, *(wire(GoodsArrived(id=name, item="tea", version=2)) for name in ages))
    for name, days in ages.items():
        InboxEvent.objects.filter(subject=name).update(applied_at=now - days * DAY)
    InboxEvent.objects.create(source="/foreign", event_id="f", type="T", subject="left", version=None)
    InboxEvent.objects.filter(source="/foreign").update(applied_at=now - 30 * DAY)

    newest = "kept: the newest of their subjects: older events are known by them"
    line = f"inbox: 2 deleted; 2 kept: not old enough; 4 {MAY_COME}; 1 {newest}"
    assert prune("--dry-run")[2] == line.replace("deleted", "would be deleted")
    assert prune()[2] == line
    assert prune()[2] == line.replace("2 deleted", "0 deleted")

    left = set(InboxEvent.objects.filter(version=1).values_list("subject", flat=True))
    assert left == ages.keys() - {"left"}
    entries = Entry.objects.count()
    assert [result["status"] for result in deliver(*superseded)] == ["duplicate"] * 4
    assert Entry.objects.count() == entries


def test_with_a_durable_log_that_does_not_say_what_it_keeps_the_inbox_stays(
    the_bus: StandInBus, old_inbox: None
) -> None:
    the_bus.durability = "quorum"

    assert prune()[2] == f"inbox: 0 deleted; 2 {MAY_COME}"


def test_what_was_deleted_is_not_sent_again_and_what_waits_still_is(
    the_bus: StandInBus, relay: Relay, drain: Callable[[Relay], None]
) -> None:
    the_bus.durability = "fsync"
    order("old", age=8 * DAY)
    order("unsent", age=8 * DAY, log_id="")
    prune()

    drain(relay)

    assert [event["subject"] for event in the_bus.stored] == ["unsent"]
    assert relay.step() == IDLE


def test_the_bus_is_asked_by_a_signed_batch_of_no_events(the_bus: StandInBus) -> None:
    prune()

    [heard] = the_bus.heard
    assert (heard.method, heard.path, heard.body, the_bus.stored) == ("POST", "/events", b"[]", [])
    assert heard.headers["webhook-signature"]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(503, {"detail": "not now"}), "The event bus answered 503: not now"),
        (Reply(401, {"detail": "who are you?"}), "The event bus answered 401: who are you?"),
        (Reply(400, {"detail": "no events"}), "The event bus answered 400: no events"),
        (Reply(404, {}), "The event bus answered 404: nothing it should"),
    ],
)
def test_a_bus_that_can_not_say_how_durable_it_is_has_all_kept(
    the_bus: StandInBus, old_inbox: None, reply: Reply, why: str
) -> None:
    def refuse(heard: Heard) -> Reply:
        return reply

    the_bus.durability, the_bus.before = "fsync", refuse
    order("old", age=8 * DAY)

    said = prune()

    kept = f"kept: the bus did not say how durable its log is: {why}"
    assert said[1:3] == [f"outbox: 0 deleted; 1 {kept}", f"inbox: 0 deleted; 2 {kept}"]
    assert (in_outbox(), InboxEvent.objects.count()) == (["old"], 2)


def test_a_bus_that_promises_no_durability_is_taken_to_keep_its_log_in_memory(the_bus: StandInBus) -> None:
    def promises_nothing(heard: Heard) -> Reply:
        return Reply(200, {"logId": "log-1"})

    the_bus.before = promises_nothing
    order("old", age=8 * DAY)

    assert prune()[1] == f"outbox: 0 deleted; 1 {IN_MEMORY}"


def test_a_repeated_write_is_answered_for_at_least_a_day_also_without_a_bus(client: Client, settings: Any) -> None:
    settings.EVENTBUS_URL = "http://127.0.0.1:1"

    def send() -> None:
        client.post("/orders", {"id": "o1", "item": "tea"}, "application/json", headers={"Idempotency-Key": "k"})

    def sent(hours: int) -> None:
        IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=hours))

    send()
    sent(hours=23)
    assert prune("--older-than", "1")[3] == "idempotency records: 0 deleted; 1 kept: not old enough"
    send()
    assert Entry.objects.count() == 1

    sent(hours=25)
    assert prune("--older-than", "1")[3] == "idempotency records: 1 deleted"
    send()
    assert Entry.objects.count() == 2


def test_a_dry_run_says_the_same_and_deletes_nothing(the_bus: StandInBus) -> None:
    the_bus.durability = "fsync"
    order("old", "older", age=3 * DAY)
    order("young")

    assert prune("--dry-run", "--older-than", "2")[:2] == [
        "orders: what is older than 2 days",
        "outbox: 2 would be deleted; 1 kept: not old enough",
    ]
    assert in_outbox() == ["old", "older", "young"]
    assert prune("--older-than", "2")[1] == "outbox: 2 deleted; 1 kept: not old enough"


def test_others_write_between_one_batch_of_deletions_and_the_next(the_bus: StandInBus) -> None:
    the_bus.durability = "fsync"
    count = 2 * BATCH + 1
    order("old", age=8 * DAY)
    row = OutboxEvent.objects.get()
    OutboxEvent.objects.bulk_create(
        OutboxEvent(event_id=f"{n:032}", type=row.type, subject=str(n), body=row.body, log_id=row.log_id)
        for n in range(1, count)
    )
    OutboxEvent.objects.update(created_at=row.created_at)
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite lets one write at a time.")
    deletions: list[int] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            other = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=0)
            other.execute("INSERT INTO orders_entry (subject, text) VALUES ('meanwhile', 'written')")
            other.commit()
            other.close()
        cursor = execute(sql, params, many, context)
        if sql.startswith("DELETE"):
            deletions.append(context["cursor"].rowcount)
        return cursor

    with connection.execute_wrapper(watch):
        assert prune()[1] == f"outbox: {count} deleted"

    assert deletions == [BATCH, BATCH, 1]
    assert Entry.objects.filter(subject="meanwhile").count() > len(deletions)


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "ten", "", " 7", "٣", "1e3", "36501", "99999999999999999999"])
def test_an_age_that_makes_no_sense_is_refused(the_bus: StandInBus, days: str) -> None:
    the_bus.durability = "fsync"
    order("old", age=8 * DAY)

    with pytest.raises(CommandError, match="is not a whole number of days from 1 to 36500"):
        prune(f"--older-than={days}")

    assert in_outbox() == ["old"]


@pytest.mark.parametrize("option", ["--older", "--all", "7", "--older-than"])
def test_an_option_that_is_none_is_refused(the_bus: StandInBus, option: str) -> None:
    with pytest.raises(CommandError):
        prune(option)

    assert the_bus.heard == []
