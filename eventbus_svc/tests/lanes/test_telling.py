"""What the bus logs about deliveries: one line each, with the chains of its events, and never what people wrote."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from samples import Clock, comment
from structlog.testing import capture_logs
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.parking import ATTEMPTS, MOST, tell_death
from eventbus.models import Parked
from svc_chassis.testing.http_server import Reply


@pytest.fixture
def log(log: Any) -> Any:
    """One kind of log is enough."""
    return log


def test_a_delivery_and_a_dead_letter_name_their_chains_and_quote_nothing(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber, drain: Callable[[LaneSteps], None]
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    ids = put(comment("bad", correlationid="one"), comment("good", correlationid="two"))

    with capture_logs() as lines:
        drain(lane)

    told = [line for line in lines if line["event"] in ("delivered", "dead letter")]
    first, again, last = told[0], told[1:-1], told[-1]
    its = {"subscription": "query", "log_level": "warning", "event": "delivered", "parked": 1}
    assert first == its | {"settled": 1, "correlationids": ["one", "two"]}
    assert again == [its | {"settled": 0, "correlationid": "one"}] * (ATTEMPTS - 1)
    assert last == {
        "event": "dead letter",
        "log_level": "error",
        "subscription": "query",
        "type": "CommentCreated",
        "id": ids[0],
        "subject": "bad",
        "attempts": ATTEMPTS,
        "correlationid": "one",
    }


def test_of_ids_that_json_writes_at_length_a_line_has_few(put: Callable[..., list[str]]) -> None:
    chains = ["\N{GRINNING FACE}" * 200 + str(number) for number in range(8)]
    with capture_logs() as lines:
        put(*[comment(str(number), correlationid=chain) for number, chain in enumerate(chains)])

    assert [len(line["correlationids"]) for line in lines] == [3, 3, 2]
    assert all(len(json.dumps(line)) < 16 * 1024 for line in lines)


def test_a_line_of_many_chains_is_several_of_bounded_length_and_each_chain_is_in_one(
    lane: LaneSteps, put: Callable[..., list[str]], drain: Callable[[LaneSteps], None]
) -> None:
    chains = [str(uuid.uuid4()) for _ in range(450)]
    with capture_logs() as lines:
        put(*[comment(chain, correlationid=chain) for chain in chains])
        drain(lane)

    for name, counts in [("stored", {"events": 450}), ("delivered", {"settled": 450, "parked": 0})]:
        told = [line for line in lines if line["event"] == name]
        assert [line["part"] for line in told] == ["1 of 3", "2 of 3", "3 of 3"]
        assert [len(line["correlationids"]) for line in told] == [200, 200, 50]
        assert [each for line in told for each in line["correlationids"]] == chains
        assert all(counts.items() <= line.items() for line in told)


def test_an_event_that_ends_its_subscriber_dies_with_one_line(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber, drain: Callable[[LaneSteps], None]
) -> None:
    sub.instead = lambda heard: Reply(502) if heard.events else None
    put(comment("bad"))

    with capture_logs() as lines:
        drain(lane)

    [told] = [line for line in lines if line["log_level"] == "error"]
    assert (told["event"], told["subject"], told["why"]) == ("dead letter", "bad", "it ends its subscriber")


def test_a_dead_letter_costs_the_transaction_no_statement(
    lane: LaneSteps,
    put: Callable[..., list[str]],
    sub: Subscriber,
    clock: Clock,
    drain: Callable[[LaneSteps], None],
    statements: Callable[..., list[str]],
) -> None:
    sub.fails = lambda event: True
    put(comment("bad"))
    lane.step()
    took = []
    while not Parked.objects.filter(dead=True).exists():
        clock.advance(MOST)
        took.append(statements(lane.step))

    assert took[-1] == took[-2]


def test_a_death_that_is_not_committed_is_not_told(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber
) -> None:
    sub.fails = lambda event: True
    put(comment("bad"))
    lane.step()
    [row] = Parked.objects.select_related("lane")
    with capture_logs() as lines:
        with transaction.atomic():
            tell_death(row.lane, row)
            transaction.set_rollback(True)
        assert lines == []
        tell_death(row.lane, row)
    assert [line["event"] for line in lines] == ["dead letter"]
