"""What a removed subject left in the log and in the tables of the bus is erased; all else goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from samples import Clock, comment, nth
from subscriber import Subscriber
from test_index import in_the_log, places

from eventbus import erasure, publishing
from eventbus.erasure import Erasure
from eventbus.inspection import index
from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.open import use
from eventbus.log.port import Log
from eventbus.models import IndexedEvent, IndexedPartition, Parked, Tombstone
from svc_chassis.events.event import parse
from svc_chassis.leases.lease import Tenancy
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.http_server import Json, Reply
from svc_chassis.testing.stored import everything_stored

MIB = 1024 * 1024


def secret(subject: str = "c1", version: int = 1, **attributes: Any) -> Json:
    event = comment(subject, **attributes)
    event["data"] |= {"content": "a secret", "version": version}
    return event


def tombstone(subject: str = "c1", version: int = 5, **attributes: Any) -> Json:
    event = comment(subject, "CommentUpdated", tombstone=True, **attributes)
    event["data"] |= {"content": "", "status": "rejected", "removed": True, "version": version}
    return event


@pytest.fixture
def put(log: Log) -> Callable[..., list[str]]:
    """Put events into the log, each signed by its source; their ids."""

    def _put(*events: Json) -> list[str]:
        for event in events:
            publishing.publish(parse(event), [event], event["source"][1:], None)
        return [event["id"] for event in events]

    return _put


@pytest.fixture
def erase(log: Log) -> Callable[[], None]:
    """Let the bus do all that is due."""

    def _erase() -> None:
        index.catch_up(log)
        erasure_of(log).step()

    return _erase


def kept(log: Log) -> list[str]:
    """The ids of the events in the log."""
    found = []
    for partition in range(log.partitions):
        after = log.bounds(partition).begin
        while (batch := log.read(partition, after, 500)).through > after:
            found += [entry.record.id for entry in batch.entries]
            after = batch.through
    return found


def left() -> list[bool]:
    """For each tombstone: whether the log may still have earlier events."""
    return list(Tombstone.objects.order_by("pk").values_list("in_log", flat=True))


def erasure_of(log: Log) -> Erasure:
    clock = Clock()
    return Erasure(log, Tenancy("erasure", "here", clock.steady), clock.steady)


def test_a_tombstone_erases_the_earlier_events_of_its_subject_and_no_others(
    log: Log, put: Any, erase: Any, operator: Any
) -> None:
    first, other = put(secret(), comment("c2"))
    put(secret(version=2))
    last, after = put(tombstone(), comment("c3"))

    erase()

    assert kept(log) == [other, last, after]
    assert places() == in_the_log(log)
    assert "secret" not in everything_stored()
    assert [event["id"] for event in operator("get", "/bus/events").json()] == [after, last, other]
    assert operator("get", f"/bus/events/{first}").status_code == 404
    assert left() == [False]


def test_nobody_finds_a_removed_text_as_soon_as_the_tombstone_is_indexed(
    log: Log, put: Any, operator: Any, statements: Any
) -> None:
    def found() -> list[str]:
        return [event["id"] for event in operator("get", "/bus/events?text=secret").json()]

    first, other = put(secret(), secret("c2"))
    assert found() == [other, first]
    put(tombstone())
    # The index has no key of subjects: to look for its rows would hold the lock of writers for long.
    seen = statements(lambda: index.follow(log))
    assert seen.count("SELECT eventbus_indexedevent") == 2  # its first and its last row, to bound it
    assert "UPDATE eventbus_indexedevent" not in seen
    assert found() == [other]
    put(secret(version=2))  # late

    assert found() == [other]
    erasure_of(log).step()
    assert IndexedEvent.objects.filter(text__contains="secret").count() == 1


def test_the_same_subject_of_another_source_is_not_touched(log: Log, put: Any, erase: Any) -> None:
    verdict = comment("c1", "CommentModerated", source="/moderation")
    verdict["data"] = {"id": "c1", "postId": "p1", "content": "hello", "status": "approved", "reason": None}
    ids = put(verdict, tombstone(), comment("c2"))

    erase()

    assert kept(log) == ids


def test_who_comes_now_gets_the_tombstone_and_nothing_before_it(
    log: Log, put: Any, erase: Any, make_lane: Any, sub: Subscriber, drain: Any
) -> None:
    put(secret(), secret(version=2))
    ids = put(tombstone(), comment("c2"))
    erase()

    drain(make_lane())

    assert sub.ids == ids


def test_what_comes_late_is_erased_too(log: Log, put: Any, erase: Any) -> None:
    ids = put(tombstone())
    erase()
    put(secret(version=4))
    ids += put(comment("c2"))

    erase()

    assert kept(log) == ids
    assert left() == [False]


def test_a_subject_that_exists_again_with_a_higher_version_is_kept(log: Log, put: Any, erase: Any) -> None:
    ids = put(tombstone(version=5), secret(version=6), secret(version=7), comment("c2"))

    erase()

    assert kept(log) == ids
    assert left() == []
    ids += put(tombstone(version=8), comment("c2"))
    erase()
    assert kept(log) == ids[3:]


def test_the_newest_event_of_the_log_is_erased_once_another_follows(log: Log, put: Any, erase: Any) -> None:
    [grave] = put(tombstone())
    late = put(secret())
    erase()
    assert (kept(log), left()) == ([grave, *late], [True])

    after = put(comment("c2"))
    erase()

    assert (kept(log), left()) == ([grave, *after], [False])


def test_what_is_parked_goes_and_the_tombstone_is_delivered(
    log: Log, put: Any, erase: Any, lane: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: event["data"]["content"] == "a secret"
    put(secret(), secret(version=2))
    drain(lane)
    assert operator("get", "/bus/dead-letters").json()[0]["event"]["data"]["content"] == "a secret"
    [grave] = put(tombstone())
    drain(lane)

    erase()
    drain(lane)

    assert sub.ids == [grave]
    assert Parked.objects.count() == 0
    assert "secret" not in everything_stored()
    assert left() == [False]


def test_what_a_lane_had_read_before_and_parks_afterwards_goes_too(
    log: Log, put: Any, erase: Any, lane: Any, sub: Subscriber, drain: Any
) -> None:
    sub.fails = lambda event: event["data"]["content"] == "a secret"
    ids: list[str] = []

    def removed_meanwhile(heard: Any) -> Reply | None:
        if not ids and heard.events:
            ids.extend(put(tombstone(), comment("c2")))
            erase()
        return None

    sub.instead = removed_meanwhile
    put(secret())
    lane.step()
    assert Parked.objects.get().subject == "c1"
    assert left() == [False]

    drain(lane)
    erase()
    drain(lane)

    assert sorted(sub.ids) == sorted(ids)
    assert "secret" not in everything_stored()
    assert left() == [False]


def test_what_a_subscriber_answered_to_it_is_forgotten(
    log: Log, put: Any, erase: Any, lane: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: event["subject"] in ("c1", "bad")
    put(secret())
    drain(lane)
    [other] = put(comment("bad"))
    drain(lane)
    put(tombstone())

    erase()

    assert erasure.ERASED in everything_stored()
    [delivery] = operator("get", f"/bus/events/{other}").json()["deliveries"]
    assert {attempt["error"] for attempt in delivery["attempts"]} == {"can't"}


def test_what_the_index_no_longer_has_is_found_in_the_log(log: Log, put: Any, erase: Any, settings: Any) -> None:
    settings.EVENTBUS_INDEX_EVENTS = 20
    put(secret())
    for number in range(10):
        put(*[comment(f"c{number}x{each}") for each in range(5)])
        index.catch_up(log)
    assert not IndexedEvent.objects.filter(subject="c1").exists()
    put(tombstone(), comment("c2"))

    erase()

    assert len(kept(log)) == 52
    assert all(b"secret" not in entry.record.body for entry in log.read(0, 0, 500).entries)


def test_if_the_process_dies_before_the_index_knows_it_is_done_again(
    log: Log, put: Any, erase: Any, monkeypatch: Any
) -> None:
    put(secret())
    ids = put(tombstone(), comment("c2"))
    with monkeypatch.context() as context:
        context.setattr(erasure, "_forget", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase()
    assert left() == [True]

    erase()

    assert (kept(log), left()) == (ids, [False])
    assert places() == in_the_log(log)


def test_two_processes_that_erase_the_same_disturb_nobody(log: Log, put: Any, erase: Any, monkeypatch: Any) -> None:
    put(secret())
    ids = put(tombstone(), comment("c2"))
    index.catch_up(log)
    here, does = [0], type(log).erase  # type: ignore[attr-defined]

    def meanwhile(*args: Any) -> None:
        here[0] += 1
        if here[0] == 1:
            erasure_of(log).step()
        does(*args)

    monkeypatch.setattr(type(log), "erase", meanwhile)
    erase()

    assert here[0] > 1
    assert (kept(log), left(), places()) == (ids, [False], in_the_log(log))


def test_another_history_gets_its_tombstones_from_the_outboxes(put: Any) -> None:
    log = MemoryLog(16 * MIB)
    use(log)

    def erase() -> None:
        index.catch_up(log)
        erasure_of(log).step()

    put(secret(), tombstone(), comment("c2"))
    erase()
    log.renew(log.log_id)
    erase()
    assert left() == []

    ids = put(secret(), comment("c2"))
    erase()
    assert kept(log) == ids  # its publisher was restored from a backup, and knows of no removal
    ids += put(tombstone())
    erase()
    assert kept(log) == ids[1:]


def test_a_history_that_begins_while_another_is_erased_keeps_all_its_events(
    put: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = MemoryLog(16 * MIB)
    use(log)
    put(secret(), tombstone(), comment("c2"))
    index.catch_up(log)
    does, ids = log.erase, list[str]()

    def meanwhile(log_id: str, partition: int, offsets: list[int]) -> None:
        if offsets:
            log.renew(log_id)
            ids.extend(put(secret("c3"), comment("c4")))
        does(log_id, partition, offsets)

    monkeypatch.setattr(log, "erase", meanwhile)
    erasure_of(log).step()

    assert len(ids) == 2
    assert kept(log) == ids
    index.catch_up(log)
    assert places() == in_the_log(log)


class Keeping(MemoryLog):
    """As Kafka's topics and RabbitMQ's streams are."""

    erase = None  # type: ignore[assignment]


def test_where_the_log_cannot_erase_the_tables_are_cleaned_and_the_tombstone_says_what_stays(
    put: Any, make_lane: Any, sub: Subscriber, drain: Any, statements: Any
) -> None:
    log = Keeping(16 * MIB)
    use(log)
    lane = make_lane()
    lane._log = log
    sub.fails = lambda event: event["data"]["content"] == "a secret"
    put(secret())
    drain(lane)
    put(tombstone())
    drain(lane)
    index.catch_up(log)
    erasure_of(log).step()

    assert Parked.objects.filter(subject="c1").count() == 1
    assert left() == [True]
    assert len(kept(log)) == 2
    put(secret(version=2))  # late
    for _ in range(2):
        index.catch_up(log)
        erasure_of(log).step()
        assert not IndexedEvent.objects.filter(text__contains="secret").exists()
    assert statements(erasure_of(log).step).count("SELECT eventbus_indexedevent") == 0

    # Until its retention does.
    log.make_room([log.bounds(0).end], 10**12)
    erasure_of(log).step()
    assert left() == [False]


def test_a_tombstone_must_be_signed(log: Log, publish: Any, settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True
    publish(secret())

    refused = publish(tombstone(), sender=None)

    is_problem(refused, 403)
    assert len(kept(log)) == 1
    assert publish(tombstone()).status_code == 200


@pytest.mark.parametrize("value", ["yes", "true", 1, 0, []])
def test_tombstone_is_a_boolean(log: Log, publish: Any, value: Any) -> None:
    is_problem(publish(comment(tombstone=value)), 400, ["tombstone"])

    assert kept(log) == []


@pytest.mark.parametrize("make", [lambda: MemoryLog(16 * MIB, 3), lambda: DatabaseLog(3)])
def test_with_several_partitions_each_is_erased(make: Any, put: Any) -> None:
    log = make()
    use(log)
    put(*[secret(f"c{number}") for number in range(30)])
    ids = put(*[tombstone(f"c{number}") for number in range(30)], *[comment(f"d{number}") for number in range(30)])
    index.catch_up(log)
    erasure_of(log).step()

    assert sorted(kept(log)) == sorted(ids)
    assert places() == in_the_log(log)
    assert not Tombstone.objects.filter(in_log=True).exists()


def test_many_are_erased_piece_by_piece(log: Log, put: Any, erase: Any) -> None:
    many = 2 * erasure.PIECE + 10
    put(*[secret(f"c{number}") for number in range(many)])
    ids = put(*[tombstone(f"c{number}") for number in range(many)], comment("d"))

    erase()

    assert kept(log) == ids
    assert nth(log, 1) > 0


def test_a_command_says_what_is_not_erased_yet(log: Log, put: Any, erase: Any, capsys: Any) -> None:
    put(secret("c1"), tombstone("c1"), secret("c2"), tombstone("c2"))
    index.catch_up(log)

    call_command("tombstones")
    assert capsys.readouterr().out.splitlines() == [
        "/comments c1",
        "/comments c2",
        "2 removed, 2 of them may have earlier events in the log.",
    ]

    erase()
    call_command("tombstones")
    assert capsys.readouterr().out == "2 removed, 0 of them may have earlier events in the log.\n"


def test_an_older_tombstone_that_comes_late_is_erased_and_the_newer_one_stays(log: Log, put: Any, erase: Any) -> None:
    ids = put(tombstone(version=5))
    put(tombstone(version=3))
    ids += put(comment("c2"))

    erase()

    assert kept(log) == ids


def test_what_a_former_release_indexed_is_looked_through_once_more(
    log: Log, put: Any, erase: Any, monkeypatch: Any
) -> None:
    """It knows no tombstones, and leaves `noted` as it is."""
    monkeypatch.setattr(index, "CHUNK", 4)
    put(comment("c0"))
    index.catch_up(log)
    put(*[secret() for _ in range(5)], *[comment(f"d{each}") for each in range(10)])
    ids = put(tombstone(), comment("c2"))
    offsets = [entry.offset for entry in log.read(0, 0, 100).entries]
    end = log.bounds(0).end
    assert len(offsets) > 5
    IndexedPartition.objects.update(through=end)
    for offset, subject in zip(offsets[1:], ["c1"] * 5, strict=False):
        IndexedEvent.objects.create(
            partition=0, offset=offset, source="/comments", event_id="e", type="CommentCreated", subject=subject,
            correlationid="", time=0, offsets="", id_key=0, chain_key=0,
        )  # fmt: skip
    put(comment("c3"))

    erase()

    assert ids[0] in kept(log)
    assert all(b"secret" not in entry.record.body for entry in log.read(0, 0, 100).entries)
    assert IndexedPartition.objects.get().noted == IndexedPartition.objects.get().through == log.bounds(0).end


def test_a_late_event_that_is_noted_while_texts_are_deleted_has_its_text_deleted_next_time(
    log: Log, put: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(secret())
    put(tombstone())
    index.catch_up(log)
    pieces = erasure._pieces

    def late(rows: Any) -> Any:
        monkeypatch.setattr(erasure, "_pieces", pieces)
        put(secret(version=2))
        index.catch_up(log)
        return pieces(rows)

    monkeypatch.setattr(erasure, "_pieces", late)
    erasure._forget_texts(log.log_id)
    assert IndexedEvent.objects.filter(text__contains="secret").exists()

    erasure._forget_texts(log.log_id)
    assert not IndexedEvent.objects.filter(text__contains="secret").exists()
