"""After bounded tries an event is a dead letter, for a person to retry or discard; nothing is asked for ever."""

from typing import Any

import pytest
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.parking import ATTEMPTS
from eventbus.models import Discard, Lane, Parked
from svc_chassis.testing.http_server import Heard, Reply


def work(lane: LaneSteps) -> None:
    """Let it do all that is due, without letting time pass."""
    for _ in range(100):
        if lane.step() == IDLE:
            return
    raise AssertionError("The lane does not come to rest.")


def test_after_its_last_try_it_is_a_dead_letter_and_is_not_tried_again(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    ids = put(comment("bad"), comment("bad"))

    drain(lane)
    clock.advance(100_000)
    good = put(comment("good"), comment("bad"))
    drain(lane)

    assert len([delivery for delivery in sub.deliveries if ids[0] in delivery]) == ATTEMPTS
    assert sub.ids == good[:1]
    assert list(Parked.objects.order_by("offset").values_list("event_id", "dead", "attempts")) == [
        (ids[0], True, ATTEMPTS),
        (ids[1], False, 0),
        (good[1], False, 0),
    ]


def test_what_waits_behind_a_dead_letter_follows_when_it_is_discarded(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    from eventbus.delivery.dead_letters import discard

    ids = put(comment("bad"), comment("bad"), comment("bad"))
    sub.fails = lambda event: event["id"] == ids[0]
    drain(lane)

    discard(letters=Parked.objects.all())
    drain(lane)

    assert (sub.ids, Parked.objects.count()) == (ids[1:], 0)


def test_a_dead_letter_that_is_retried_and_works_lets_its_subject_go_on_in_order(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    from eventbus.delivery.dead_letters import retry

    sub.fails = lambda event: True
    ids = put(comment("bad"), comment("bad"))
    drain(lane)
    sub.fails = lambda event: False

    retry(letters=Parked.objects.all())
    drain(lane)

    assert (sub.ids, Parked.objects.count()) == (ids, 0)


def test_discarded_events_are_skipped_by_every_replay(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> None:
    from eventbus.subscriptions import rewind

    ids = put(comment("a"), comment("a"), comment("a"))
    Discard.objects.create(subscription_id="query", source="/comments", event_id=ids[1])
    Discard.objects.create(subscription_id="query", source="/posts", event_id=ids[2])

    for _ in range(2):
        drain(lane)
        rewind(Lane.objects.get().subscription, (0,))
    drain(lane)

    assert sub.deliveries == [[ids[0], ids[2]]] * 3


@pytest.mark.parametrize("said", ["failed", "blocked"])
def test_a_subscriber_that_blocks_events_for_no_reason_is_not_asked_without_end(
    lane: LaneSteps, put: Any, sub: Subscriber, said: str, drain: Any
) -> None:
    import orjson

    def answer(heard: Heard) -> Reply:
        said_of_each = [{"id": event_id, "status": said, "error": None} for event_id in heard.ids]
        return Reply(200, orjson.dumps({"results": said_of_each}))

    ids = put(comment("bad"), comment("bad"))
    sub.instead = answer

    drain(lane)

    dead, behind = Parked.objects.order_by("offset")
    assert (dead.event_id, dead.dead, dead.attempts) == (ids[0], True, ATTEMPTS)
    assert (behind.dead, behind.attempts) == (False, 0)
    assert len(sub.deliveries) == ATTEMPTS
    assert dead.error in ("failed without saying why", "blocked, but no earlier event of its subject failed")


def test_what_a_subscriber_says_of_a_failure_is_kept_as_any_database_takes_it(
    lane: LaneSteps, put: Any, sub: Subscriber
) -> None:
    import orjson

    [event] = put(comment())
    said = {"id": event, "status": "failed", "error": "nul \0 and more " + "x" * 10_000}
    sub.instead = lambda heard: Reply(200, orjson.dumps({"results": [said]}))

    lane.step()

    error = Parked.objects.get().error
    assert error.startswith("nul \ufffd and more")
    assert len(error) == 500


def test_an_absent_subscriber_costs_a_parked_event_no_try(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    once = [1]
    sub.fails = lambda event: bool(once and once.pop())
    ids = put(comment("bad"))
    work(lane)
    sub.instead = lambda heard: Reply(503)

    for _ in range(3 * ATTEMPTS):
        clock.advance(max(lane.step(), 0.5))
    assert (Parked.objects.get().attempts, Parked.objects.get().dead) == (1, False)

    sub.instead = lambda heard: None
    drain(lane)
    assert sub.ids == ids


def test_no_statement_grows_with_the_number_of_parked_subjects(
    lane: LaneSteps, put: Any, sub: Subscriber, django_assert_max_num_queries: Any
) -> None:
    """One parameter per subject would at some number be more than a database takes, and the lane would stand still."""
    sub.fails = lambda event: event["subject"] == "bad"
    put(comment("bad"))
    work(lane)
    row = Parked.objects.get()
    its = {"lane": row.lane, "source": "/s", "type": "T", "body": row.body, "attempts": 8, "dead": True, "since": 0}
    Parked.objects.bulk_create(Parked(offset=n - 2000, event_id=f"e{n}", subject=f"s{n}", **its) for n in range(2000))
    ids = put(comment("good"), comment("s7"))

    with django_assert_max_num_queries(100) as queries:
        work(lane)

    assert max(len(query["sql"]) for query in queries.captured_queries) < 5_000
    assert sub.ids == ids[:1]
    assert Parked.objects.filter(subject="s7").count() == 2
