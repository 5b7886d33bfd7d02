"""Logs that can delete single entries: the history goes on as if they had never been there."""

from typing import Any

import pytest
from records import entries, home, ids, record

from eventbus.log.adapters.kafka import KafkaLog
from eventbus.log.adapters.rabbitmq import RabbitLog
from eventbus.log.port import START, WrongLog


def erase(log: Any, *which: int) -> list[int]:
    """Erase the entries with these places in the partition of the subject; the offsets that are left."""
    offsets = [entry.offset for entry in entries(log, home(log))]
    log.erase(log.log_id, home(log), [offsets[place] for place in which])
    return [offset for place, offset in enumerate(offsets) if place not in which]


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_what_was_erased_is_not_read_and_all_else_is_in_its_place(erasing: Any, limit: int) -> None:
    erasing.append([record(n) for n in range(10)], None)

    left = erase(erasing, 0, 4, 5, 6, 8)

    assert [entry.offset for entry in entries(erasing, home(erasing), START, limit)] == left
    assert ids(erasing) == [f"event-{n}" for n in (1, 2, 3, 7, 9)]
    assert erasing.bounds(home(erasing)).end == left[-1]


def test_the_log_goes_on_after_it(erasing: Any) -> None:
    erasing.append([record(n) for n in range(3)], None)
    left = erase(erasing, 0, 1)
    erasing.append([record(3)], erasing.log_id)

    assert ids(erasing) == ["event-2", "event-3"]
    assert [entry.record.id for entry in entries(erasing, home(erasing), left[-1])] == ["event-3"]


def test_to_erase_it_again_or_what_never_was_changes_nothing(erasing: Any) -> None:
    erasing.append([record(n) for n in range(3)], None)
    gone = entries(erasing, home(erasing))[0].offset

    for _ in range(2):
        erasing.erase(erasing.log_id, home(erasing), [gone, 10**9])
    erasing.erase(erasing.log_id, home(erasing), [])

    assert ids(erasing) == ["event-1", "event-2"]


@pytest.mark.parametrize("kind", [KafkaLog, RabbitLog])
def test_those_that_cannot_do_not_say_so(kind: type) -> None:
    assert not hasattr(kind, "erase")


def test_another_history_is_left_alone(erasing: Any) -> None:
    erasing.append([record(n) for n in range(3)], None)
    first = entries(erasing, home(erasing))[0].offset

    with pytest.raises(WrongLog):
        erasing.erase("another", home(erasing), [first])

    assert len(ids(erasing)) == 3
