"""Bounded: the memory log makes room, and begins anew. No log that keeps its history can."""

from typing import Any

import pytest
from records import entries, home, ids, record

from eventbus.log.port import START, Bounded, Conflict, Evicted, Log

BIG = b'{"text":"' + b"x" * 60_000 + b'"}'
MIB = 1024 * 1024


def test_only_what_loses_its_history_with_its_process_may_drop_any(a_log: Log) -> None:
    assert not isinstance(a_log, Bounded) or a_log.durability == "memory"


def ends(log: Log) -> list[int]:
    return [log.bounds(partition).end for partition in range(log.partitions)]


def filled(log: Log, count: int = 20) -> list[int]:
    """The offsets of events of one subject."""
    log.append([record(n, body=BIG, minutes=n) for n in range(count)], None)
    return [entry.offset for entry in entries(log, home(log))]


def drop(log: Any, through: int) -> None:
    """The oldest of the subject, up to that offset."""
    limits = ends(log)
    limits[home(log)] = through
    log.make_room(limits, 10**12)


def test_room_is_made_by_dropping_the_oldest_and_no_more(bounded: Any) -> None:
    offsets, partition = filled(bounded), home(bounded)

    freed = bounded.make_room(ends(bounded), 16 * MIB - 10 * len(BIG))

    left = [entry.offset for entry in entries(bounded, partition, after=bounded.bounds(partition).begin)]
    assert freed > 9 * len(BIG)
    assert 5 <= len(left) <= 10
    assert left == offsets[-len(left) :]


def test_of_several_partitions_the_oldest_of_all_go_first(bounded: Any) -> None:
    for n in range(60):
        bounded.append([record(n, subject=f"s{n}", body=BIG)], None)

    bounded.make_room(ends(bounded), 16 * MIB - 10 * len(BIG))

    left = sorted(int(name.removeprefix("event-")) for name in ids(bounded))
    assert left == list(range(60 - len(left), 60))
    assert 5 <= len(left) <= 10


def test_nothing_goes_that_is_not_settled(bounded: Any) -> None:
    offsets, partition = filled(bounded), home(bounded)

    drop(bounded, offsets[2])

    begin = bounded.bounds(partition).begin
    assert offsets[2] <= begin < offsets[3]
    assert [entry.offset for entry in entries(bounded, partition, begin)] == offsets[3:]


def test_where_there_is_room_nothing_goes(bounded: Any) -> None:
    offsets = filled(bounded)

    assert bounded.make_room(ends(bounded), 1) == 0
    assert [entry.offset for entry in entries(bounded, home(bounded))] == offsets


def test_what_was_dropped_is_evicted_and_the_offsets_go_on(bounded: Any) -> None:
    offsets, partition = filled(bounded), home(bounded)
    drop(bounded, offsets[4])

    for after in (START, offsets[0], offsets[3]):
        with pytest.raises(Evicted):
            bounded.read(partition, after, 10)

    bounded.append([record(20)], None)
    assert bounded.bounds(partition).end > offsets[-1]
    assert [entry.offset for entry in bounded.read(partition, offsets[4], 100).entries][:-1] == offsets[5:]


def test_what_was_dropped_is_no_duplicate_any_more(bounded: Any) -> None:
    drop(bounded, filled(bounded)[4])

    assert bounded.append([record(0, body=b"{}")], None).accepted == 1
    with pytest.raises(Conflict):
        bounded.append([record(5, body=b"{}")], None)


def test_a_renewed_log_is_empty_and_has_another_name(bounded: Any) -> None:
    filled(bounded)
    before = bounded.log_id

    bounded.renew(before)

    assert bounded.log_id != before
    assert ids(bounded) == []
    assert bounded.append([record(0, body=b"{}")], bounded.log_id).accepted == 1


def test_a_log_that_was_renewed_meanwhile_is_left_alone(bounded: Any) -> None:
    before = bounded.log_id
    bounded.renew(before)
    bounded.append([record(1)], None)

    bounded.renew(before)

    assert ids(bounded) == ["event-1"]
