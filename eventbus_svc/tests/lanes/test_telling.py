"""What the bus logs about deliveries: one line each, with the chains of its events, and never what people wrote."""

from collections.abc import Callable
from typing import Any

import pytest
from samples import comment
from structlog.testing import capture_logs
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.parking import ATTEMPTS


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
