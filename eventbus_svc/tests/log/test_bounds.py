"""Where the log begins and ends, by offset and by time; what goes, and what is then said of it."""

from datetime import timedelta

import pytest
from records import NOON, entries, home, ids, record

from eventbus.log.port import Conflict, Evicted, Log

BIG = b'{"text":"' + b"x" * 60_000 + b'"}'


def filled(log: Log, count: int = 20) -> int:
    log.append([record(n, body=BIG, minutes=n) for n in range(count)], None)
    return home(log)


@pytest.mark.parametrize(("minutes", "offset"), [(-1, 0), (0, 0), (0.5, 1), (1, 1), (19, 19), (20, 20)])
def test_a_time_finds_the_offset_after_which_it_begins(a_log: Log, minutes: float, offset: int) -> None:
    partition = filled(a_log)

    assert a_log.offset_before(partition, NOON + timedelta(minutes=minutes)) == offset


def test_any_time_is_before_an_empty_log(a_log: Log) -> None:
    assert a_log.offset_before(0, NOON) == 0


def test_trimming_drops_the_oldest_until_there_is_room_and_no_more(a_log: Log) -> None:
    partition = filled(a_log)
    size = 16 * 1024 * 1024

    freed = a_log.trim(partition, 20, size - 10 * len(BIG))

    left = [entry.offset for entry in entries(a_log, partition, after=a_log.begin(partition))]
    assert freed > 9 * len(BIG)
    assert left == list(range(a_log.begin(partition) + 1, 21))
    assert 5 <= len(left) <= 10


def test_trimming_never_goes_beyond_what_is_settled(a_log: Log) -> None:
    partition = filled(a_log)

    a_log.trim(partition, 3, 10**12)

    assert a_log.begin(partition) == 3
    assert [entry.offset for entry in entries(a_log, partition, after=3)] == list(range(4, 21))


def test_where_there_is_room_trimming_drops_nothing(a_log: Log) -> None:
    partition = filled(a_log)

    assert (a_log.trim(partition, 20, 1), a_log.begin(partition)) == (0, 0)


def test_what_was_dropped_is_evicted_and_the_offsets_go_on(a_log: Log) -> None:
    partition = filled(a_log)
    a_log.trim(partition, 5, 10**12)

    with pytest.raises(Evicted):
        a_log.read(a_log.log_id, partition, 4, 10)

    a_log.append([record(20)], None)
    assert (a_log.begin(partition), a_log.end(partition)) == (5, 21)
    assert a_log.offset_before(partition, NOON) == 5


def test_what_was_dropped_is_no_duplicate_any_more(a_log: Log) -> None:
    partition = filled(a_log)
    a_log.trim(partition, 5, 10**12)

    assert a_log.append([record(0, body=b"{}")], None).accepted == 1
    with pytest.raises(Conflict):
        a_log.append([record(5, body=b"{}")], None)


def test_a_renewed_log_is_empty_and_has_another_name(a_log: Log) -> None:
    partition = filled(a_log)
    before = a_log.log_id

    a_log.renew(before)

    assert a_log.log_id != before
    assert (ids(a_log), a_log.begin(partition), a_log.end(partition)) == ([], 0, 0)
    assert a_log.append([record(0, body=b"{}")], a_log.log_id).accepted == 1


def test_a_log_that_was_renewed_meanwhile_is_left_alone(a_log: Log) -> None:
    before = a_log.log_id
    a_log.renew(before)
    a_log.append([record(1)], None)

    a_log.renew(before)

    assert ids(a_log) == ["event-1"]
