"""`manage.py prune_events` of the bus deletes how old deliveries went, and nothing that is still to be delivered."""

import time
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import call_command
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.models import Attempt, Discard, Parked, Subscription

DAY = 86_400


def prune(*options: str) -> list[str]:
    said = StringIO()
    call_command("prune_events", *options, stdout=said)
    return said.getvalue().splitlines()


def test_attempts_of_long_ago_are_deleted_and_those_of_the_last_days_stay(
    lane: LaneSteps, put: Any, clock: Clock, drain: Callable[..., None], operator: Any
) -> None:
    def attempts(event_id: str) -> int:
        [delivery] = operator("get", f"/bus/events/{event_id}").json()["deliveries"]
        assert delivery["state"] == "settled"
        return len(delivery["attempts"])

    ids = []
    for days in (8, 6, 0):
        clock.now = time.time() - days * DAY
        ids += put(comment(f"{days}-days-old"))
        drain(lane)

    assert prune("--dry-run") == [
        "eventbus: what is older than 7 days",
        "attempts: 1 would be deleted; 2 kept: not old enough",
    ]
    assert [attempts(event_id) for event_id in ids] == [1, 1, 1]
    assert prune()[1] == "attempts: 1 deleted; 2 kept: not old enough"
    assert [attempts(event_id) for event_id in ids] == [0, 1, 1]
    assert prune("--older-than", "1") == [
        "eventbus: what is older than 1 day",
        "attempts: 1 deleted; 1 kept: not old enough",
    ]
    assert [attempts(event_id) for event_id in ids] == [0, 0, 1]


def test_a_dead_letter_and_what_waits_behind_it_are_never_too_old(
    lane: LaneSteps, put: Any, clock: Clock, drain: Callable[..., None], sub: Subscriber, operator: Any
) -> None:
    clock.now = time.time() - 1000 * DAY
    sub.fails = lambda event: event["subject"] in ("bad", "worse")
    put(comment("bad"), comment("bad"), comment("worse"))
    drain(lane)
    letters = operator("get", "/bus/dead-letters").json()
    operator("post", f"/bus/dead-letters/{letters[-1]['id']}/discard")

    assert prune()[1].startswith("attempts: ")

    assert operator("get", "/bus/dead-letters").json() == letters[:1]
    assert len(letters[0]["behind"]) == 1
    assert (Attempt.objects.count(), Parked.objects.count(), Discard.objects.count()) == (0, 2, 1)
    assert Subscription.objects.count() == 1
