"""What was appended is read, whole and in order."""

import pytest
from records import entries, home, ids, record

from eventbus.log.port import Appended, Conflict, Log, WrongLog


def test_a_new_log_is_empty_and_has_a_name(a_log: Log) -> None:
    assert a_log.log_id
    assert [a_log.end(partition) for partition in range(a_log.partitions)] == [0] * a_log.partitions
    assert ids(a_log) == []


def test_what_was_appended_is_read_as_it_was_with_offsets_from_1(a_log: Log) -> None:
    records = [record(n, body=b'{"text":"%d \xc3\xa9"}' % n) for n in range(3)]

    assert a_log.append(records, None) == Appended(a_log.log_id, 3, 0)

    found = entries(a_log, home(a_log))
    assert [entry.offset for entry in found] == [1, 2, 3]
    assert [entry.record for entry in found] == records
    assert a_log.end(home(a_log)) == 3


def test_appending_nothing_changes_nothing(a_log: Log) -> None:
    assert a_log.append([], None) == Appended(a_log.log_id, 0, 0)
    assert ids(a_log) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_reading_in_pieces_gives_every_entry_once(a_log: Log, limit: int) -> None:
    a_log.append([record(n) for n in range(7)], None)

    assert [entry.record.id for entry in entries(a_log, home(a_log), limit=limit)] == [f"event-{n}" for n in range(7)]


def test_after_an_offset_excludes_it_and_after_the_end_there_is_nothing(a_log: Log) -> None:
    a_log.append([record(n) for n in range(3)], None)

    assert [entry.offset for entry in entries(a_log, home(a_log), after=2)] == [3]
    assert entries(a_log, home(a_log), after=3) == []
    assert entries(a_log, home(a_log), after=10**15) == []


def test_the_events_of_one_subject_share_a_partition(a_log: Log) -> None:
    a_log.append([record(n, subject=f"s{n % 5}") for n in range(50)], None)

    for n in range(5):
        partition = home(a_log, f"s{n}")
        here = [entry.record.id for entry in entries(a_log, partition) if entry.record.subject == f"s{n}"]
        assert here == [f"event-{k}" for k in range(n, 50, 5)]


def test_the_same_event_again_is_a_duplicate_and_is_stored_once(a_log: Log) -> None:
    a_log.append([record(1), record(2)], None)

    assert a_log.append([record(2), record(3)], a_log.log_id) == Appended(a_log.log_id, 1, 1)
    assert ids(a_log) == ["event-1", "event-2", "event-3"]


def test_an_event_twice_in_one_batch_is_stored_once(a_log: Log) -> None:
    assert a_log.append([record(1), record(1)], None) == Appended(a_log.log_id, 1, 1)
    assert ids(a_log) == ["event-1"]


def test_the_same_id_of_another_source_is_another_event(a_log: Log) -> None:
    assert a_log.append([record(1), record(1, source="/other", body=b"{}")], None).accepted == 2


@pytest.mark.parametrize("first", [[], [record(1)]], ids=["in one batch", "stored before"])
def test_a_known_id_with_another_body_is_a_conflict_and_stores_nothing(a_log: Log, first: list[object]) -> None:
    a_log.append(list(first), None)  # type: ignore[arg-type]
    before = ids(a_log)

    with pytest.raises(Conflict, match="/test published event-1 before, with another body"):
        a_log.append([record(2), record(1), record(1, body=b"{}"), record(3)], None)

    assert ids(a_log) == before
    assert a_log.append([record(2), record(3)], None).accepted == 2


def test_a_batch_for_another_history_is_refused_and_stores_nothing(a_log: Log) -> None:
    with pytest.raises(WrongLog):
        a_log.append([record(1)], "another")

    assert ids(a_log) == []


def test_reading_another_history_is_refused(a_log: Log) -> None:
    with pytest.raises(WrongLog):
        a_log.read("another", 0, 0, 10)
