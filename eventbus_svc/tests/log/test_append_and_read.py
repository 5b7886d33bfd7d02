"""What was appended is read, whole and in order."""

import pytest
from records import entries, home, ids, record

from eventbus.log.port import START, Appended, Batch, Conflict, Log, WrongLog, partition_of


def test_a_new_log_is_empty_and_says_its_name_and_how_durable_it_is(a_log: Log) -> None:
    assert a_log.log_id
    assert a_log.durability in ("memory", "fsync", "quorum")
    for partition in range(a_log.partitions):
        begin, end = a_log.bounds(partition)
        assert begin == end >= START
        assert a_log.read(partition, begin, 10) == Batch([], begin)


def test_what_was_appended_is_read_as_it_was_with_offsets_that_rise(a_log: Log) -> None:
    records = [record(n, body=b'{"text":"%d \xc3\xa9"}' % n) for n in range(3)]

    assert a_log.append(records, None) == Appended(a_log.log_id, 3, 0)

    found = entries(a_log, home(a_log))
    offsets = [entry.offset for entry in found]
    assert START < offsets[0] < offsets[1] < offsets[2]
    assert [entry.record for entry in found] == records
    assert a_log.bounds(home(a_log)).begin < offsets[0]
    assert a_log.bounds(home(a_log)).end == offsets[-1]


def test_all_that_makes_an_event_is_kept(a_log: Log) -> None:
    odd = record(1, subject="s/ü 日本", source="/käse", body=b'{"zero":"\\u0000"}', minutes=1 / 60_000_000)
    odd = odd._replace(id="id/with: everything ?#%", type="Of 'quotes' and \u2028")
    a_log.append([odd], None)

    [entry] = entries(a_log, home(a_log, odd.subject))
    assert entry.record == odd


def test_appending_nothing_changes_nothing(a_log: Log) -> None:
    assert a_log.append([], None) == Appended(a_log.log_id, 0, 0)
    assert ids(a_log) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_reading_in_pieces_gives_every_entry_once(a_log: Log, limit: int) -> None:
    a_log.append([record(n) for n in range(7)], None)

    assert [entry.record.id for entry in entries(a_log, home(a_log), limit=limit)] == [f"event-{n}" for n in range(7)]


def test_after_an_offset_excludes_it_and_after_the_end_there_is_nothing(a_log: Log) -> None:
    a_log.append([record(n) for n in range(3)], None)
    partition = home(a_log)
    first, second, third = (entry.offset for entry in entries(a_log, partition))

    assert [entry.offset for entry in entries(a_log, partition, after=second)] == [third]
    assert [entry.offset for entry in entries(a_log, partition, after=second - 1)] == [second, third]
    assert [entry.offset for entry in entries(a_log, partition, after=first - 1)] == [first, second, third]
    assert a_log.read(partition, third, 10) == Batch([], third)
    assert a_log.read(partition, 10**15, 10) == Batch([], 10**15)


def test_every_event_is_in_the_partition_of_its_subject_in_order_and_in_no_other(a_log: Log) -> None:
    a_log.append([record(n, subject=f"s{n % 12}") for n in range(60)], None)

    for partition in range(a_log.partitions):
        its = [n for n in range(60) if partition_of(f"s{n % 12}", a_log.partitions) == partition]
        assert [entry.record.id for entry in entries(a_log, partition)] == [f"event-{n}" for n in its]
        begin, end = a_log.bounds(partition)
        assert (begin < end) == bool(its)


def test_a_batch_for_another_history_is_refused_and_stores_nothing(a_log: Log) -> None:
    with pytest.raises(WrongLog):
        a_log.append([record(1)], "another")

    assert ids(a_log) == []
    assert a_log.append([record(1)], a_log.log_id).accepted == 1


def test_a_repeated_event_is_a_duplicate_only_where_the_log_declares_that_it_tells_them(a_log: Log) -> None:
    a_log.append([record(1)], None)

    told = a_log.append([record(1)], None).duplicates

    assert (told, ids(a_log)) == ((1, ["event-1"]) if a_log.features.dedup else (0, ["event-1", "event-1"]))


def test_the_same_event_again_is_a_duplicate_and_is_stored_once(telling: Log) -> None:
    telling.append([record(1), record(2)], None)

    assert telling.append([record(2), record(3)], telling.log_id) == Appended(telling.log_id, 1, 1)
    assert ids(telling) == ["event-1", "event-2", "event-3"]


def test_an_event_twice_in_one_batch_is_stored_once(telling: Log) -> None:
    assert telling.append([record(1), record(1)], None) == Appended(telling.log_id, 1, 1)
    assert ids(telling) == ["event-1"]


def test_the_same_id_of_another_source_is_another_event(telling: Log) -> None:
    assert telling.append([record(1), record(1, source="/other", body=b"{}")], None).accepted == 2


def test_a_large_batch_of_duplicates_is_told(telling: Log) -> None:
    records = [record(n, subject=f"s{n}") for n in range(500)]
    telling.append(records, None)

    assert telling.append([*records, record(500)], None) == Appended(telling.log_id, 1, 500)


@pytest.mark.parametrize("stored", [False, True], ids=["in one batch", "stored before"])
def test_a_known_id_with_another_body_is_a_conflict(telling: Log, stored: bool) -> None:
    telling.append([record(1)] if stored else [], None)
    before = ids(telling)

    with pytest.raises(Conflict, match="/test published event-1 before, with another body"):
        telling.append([record(2), record(1), record(1, body=b"{}"), record(3)], None)

    if telling.features.atomic_batch:
        assert ids(telling) == before
        assert telling.append([record(2), record(3)], None).accepted == 2
