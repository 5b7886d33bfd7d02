"""Where a time lies in the log."""

from datetime import timedelta

import pytest
from records import NOON, entries, home, record

from eventbus.log.port import Log


@pytest.mark.parametrize(("minutes", "first"), [(-1, 0), (0, 0), (0.5, 1), (1, 1), (18.999, 19), (19, 19), (20, 20)])
def test_a_time_finds_the_offset_after_which_it_begins(a_log: Log, minutes: float, first: int) -> None:
    a_log.append([record(n, minutes=n) for n in range(20)], None)

    after = a_log.at(home(a_log), NOON + timedelta(minutes=minutes))

    assert [entry.record.id for entry in entries(a_log, home(a_log), after)] == [f"event-{n}" for n in range(first, 20)]


def test_a_time_finds_the_first_event_of_it_or_later_where_clocks_differ(a_log: Log) -> None:
    a_log.append([record(n, minutes=minutes) for n, minutes in enumerate([0, 5, 2, 6, 1])], None)

    after = a_log.at(home(a_log), NOON + timedelta(minutes=2))

    assert [entry.record.id for entry in entries(a_log, home(a_log), after)] == [f"event-{n}" for n in (1, 2, 3, 4)]


def test_any_time_is_before_an_empty_log(a_log: Log) -> None:
    after = a_log.at(0, NOON)
    a_log.append([record(n, subject=f"s{n}") for n in range(30)], None)

    assert entries(a_log, 0, after) == entries(a_log, 0)
