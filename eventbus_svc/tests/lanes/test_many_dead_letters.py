"""A decision about 50,000 dead letters is answered at once and carried out in pieces, also by the next process."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery import parking
from eventbus.delivery.dead_letters import IDLE, PAUSE, PIECE, Decisions
from eventbus.delivery.lane import LaneSteps
from eventbus.models import Attempt, Decision, Discard, Lane, Parked

# These dead letters have offsets that no log gave them.
pytestmark = pytest.mark.parametrize("log", ["dense"], indirect=True)

MANY = 50_000


@pytest.fixture
def dead(log: Any, subscribed: Callable[..., Lane]) -> Callable[..., Lane]:
    """So many dead letters of a subscription, each of its own subject; its lane."""

    def _dead(count: int, name: str = "query") -> Lane:
        lane = Lane.objects.filter(subscription=name).first() or subscribed(name)
        Lane.objects.filter(pk=lane.pk).update(cursor=count, log_id=log.log_id)
        body = b'{"id":"e","time":"2026-01-01T00:00:00Z","data":{"text":"' + b"x" * 300 + b'"}}'
        its = {"lane": lane, "source": "/s", "type": "CommentCreated", "body": body, "attempts": 8, "dead": True}
        rows = (Parked(offset=n + 1, event_id=f"e{n}", subject=f"s{n}", since=0, **its) for n in range(count))
        Parked.objects.bulk_create(rows, batch_size=1000)
        return lane

    return _dead


def finish(within: int) -> int:
    """Let the loop work until it rests; the pieces that took."""
    for piece in range(within):
        if Decisions().step() == IDLE:
            return piece
    raise AssertionError("The decisions do not come to an end.")


@pytest.mark.parametrize("action", ["retry", "discard"])
def test_fifty_thousand_are_answered_within_a_second_and_settled_in_pieces(
    action: str, dead: Any, operator: Any
) -> None:
    dead(MANY)

    asked = time.perf_counter()
    response = operator("post", f"/bus/dead-letters/{action}", {})
    took = time.perf_counter() - asked

    assert (response.status_code, response.json()) == (202, {"count": MANY, "remaining": MANY - PIECE})
    assert took < 5
    [query] = operator("get", "/bus/subscriptions").json()
    assert (query["deadLetters"], query["deciding"]) == (MANY - PIECE, MANY - PIECE)
    longest = 0.0
    while Decision.objects.exists():
        begun = time.perf_counter()
        assert Decisions().step() == PAUSE
        longest = max(longest, time.perf_counter() - begun)
    assert longest < 5
    [query] = operator("get", "/bus/subscriptions").json()
    assert (query["deadLetters"], query["deciding"]) == (0, 0)
    assert Discard.objects.count() == (MANY if action == "discard" else 0)
    assert Parked.objects.count() == (0 if action == "discard" else MANY)


@pytest.mark.parametrize("count", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_each_is_settled_once_however_many_there_are(count: int, dead: Any, operator: Any) -> None:
    dead(count)

    response = operator("post", "/bus/dead-letters/discard", {})

    assert response.json() == {"count": count} | ({"remaining": count - PIECE} if count > PIECE else {})
    finish(10)
    assert (Parked.objects.count(), Discard.objects.count()) == (0, count)


def test_a_bus_that_dies_in_the_midst_of_a_piece_goes_on_with_that_piece(dead: Any, operator: Any) -> None:
    dead(3 * PIECE)
    operator("post", "/bus/dead-letters/discard", {})

    class Killed(BaseException):
        pass

    def die(sql_of: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and "eventbus_decision" in sql:
            raise Killed
        return sql_of(sql, params, many, context)

    with connection.execute_wrapper(die), pytest.raises(Killed):
        Decisions().step()

    assert Parked.objects.count() == 2 * PIECE
    finish(10)
    assert (Parked.objects.count(), Discard.objects.count()) == (0, 3 * PIECE)


def test_one_that_fails_again_while_the_others_are_retried_is_not_retried_again(dead: Any, operator: Any) -> None:
    dead(3 * PIECE)
    operator("post", "/bus/dead-letters/retry", {})
    first, later = Parked.objects.order_by("pk")[0], Parked.objects.order_by("-pk")[0]
    Parked.objects.filter(pk=first.pk).update(dead=True)
    Parked.objects.create(lane=later.lane, offset=10**6, body=b"", since=0, dead=True, attempts=8)

    finish(10)

    assert Parked.objects.filter(dead=True).count() == 2


def test_one_subscriptions_dead_letters_are_settled_and_anothers_stay(dead: Any, operator: Any) -> None:
    dead(2 * PIECE, "query"), dead(2 * PIECE, "moderation")

    response = operator("post", "/bus/dead-letters/discard", {"subscription": "query"})

    assert response.json() == {"count": 2 * PIECE, "remaining": PIECE}
    found = {row["name"]: row["deciding"] for row in operator("get", "/bus/subscriptions").json()}
    assert found == {"query": PIECE, "moderation": 0}
    finish(10)
    assert set(Parked.objects.values_list("lane__subscription", flat=True)) == {"moderation"}


def test_a_later_decision_takes_the_place_of_one_that_is_not_finished(dead: Any, operator: Any) -> None:
    dead(3 * PIECE)
    operator("post", "/bus/dead-letters/discard", {})

    response = operator("post", "/bus/dead-letters/retry", {})

    assert response.json() == {"count": 2 * PIECE, "remaining": PIECE}
    finish(10)
    assert (Discard.objects.count(), Parked.objects.filter(dead=False).count()) == (PIECE, 2 * PIECE)


def test_a_subscription_with_fifty_thousand_is_removed_and_replayed_within_a_second(dead: Any, operator: Any) -> None:
    lane = dead(MANY)
    Attempt.objects.bulk_create(
        Attempt(lane=lane, log_id="l", first=n, last=n, offsets=[n], time=0, latency_ms=0) for n in range(2000)
    )

    for method, path, body in [
        ("post", "/bus/subscriptions/query/replay", {"from": "beginning"}),
        ("delete", "/bus/subscriptions/query", None),
    ]:
        asked = time.perf_counter()
        assert operator(method, path, body).status_code in (200, 204)
        assert time.perf_counter() - asked < 5
        assert Parked.objects.count() == 0
        if method == "post":
            dead(MANY)


def test_looking_for_what_to_retry_costs_no_more_with_many_dead_letters(dead: Any, clock: Clock) -> None:
    took: dict[int, list[float]] = {100: [], 20_000: []}
    lanes = {count: dead(count, f"with-{count}") for count in took}

    for _ in range(20):
        for count, lane in lanes.items():
            asked = time.perf_counter()
            assert parking.due(lane, clock.now, 500) == []
            took[count].append(time.perf_counter() - asked)
    few, many = (min(each) for each in took.values())
    assert many < 10 * few


def test_what_is_listed_behind_a_dead_letter_is_bounded(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: True
    [head] = put(comment("bad"))
    lane.step()
    for _ in range(2):
        put(*[comment("bad") for _ in range(400)])
    drain(lane)

    [letter] = operator("get", "/bus/dead-letters").json()

    assert (letter["event"]["id"], len(letter["behind"])) == (head, 100)


def test_no_statement_of_a_decision_has_more_variables_than_a_database_takes(dead: Any, operator: Any) -> None:
    dead(3 * PIECE)
    most = 0

    def count(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal most
        most = max(most, len(params or ()))
        return run(sql, params, many, context)

    with connection.execute_wrapper(count):
        operator("post", "/bus/dead-letters/discard", {})
        finish(10)

    assert most < 4 * PIECE
