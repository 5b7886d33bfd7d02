"""Dead letters by cause: each group is counted, listed and decided about alone."""

from typing import Any
from urllib.parse import quote

import orjson
import pytest
from samples import comment
from subscriber import Subscriber

from eventbus.delivery.dead_letters import PIECE, Decisions
from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.parking import ATTEMPTS
from eventbus.models import Decision, Discard, GroupDecision, Parked
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.http_server import Heard, Reply

GROUPS = "/bus/dead-letters/groups"
WHY = {"a": "UnknownComment: There is no comment 1.", "b": "UnknownComment: There is no comment 2.", "c": "No: b: no"}
ITS = "UnknownComment: … at handlers.py:31"


@pytest.fixture
def died(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> list[str]:
    """The ids of three dead letters: two with one error, one with another."""

    def answer(heard: Heard) -> Reply:
        results = [
            {"id": event["id"], "status": "failed", "error": WHY[event["subject"]], "at": "handlers.py:31"}
            for event in heard.events
        ]
        return Reply(200, orjson.dumps({"results": results}))

    sub.instead = answer
    ids: list[str] = put(comment("a"), comment("b"), comment("c", type="CommentUpdated"))
    drain(lane)
    sub.instead = lambda heard: None
    return ids


def test_they_are_grouped_by_subscription_and_error_with_the_place_in_code(died: list[str], operator: Any) -> None:
    groups = operator("get", GROUPS).json()

    query = {"subscription": "query"}
    assert [{name: its for name, its in group.items() if name not in ("since", "latest")} for group in groups] == [
        query | {"error": ITS, "sample": WHY["a"], "count": 2, "type": "CommentCreated"},
        query | {"error": "No: … at handlers.py:31", "sample": WHY["c"], "count": 1, "type": "CommentUpdated"},
    ]
    assert all(group["since"].startswith("2023-11-14T22:1") and group["since"] <= group["latest"] for group in groups)
    listed = operator("get", f"/bus/dead-letters?subscription=query&error={quote(ITS)}").json()
    assert [(letter["event"]["id"], letter["at"]) for letter in listed] == [
        (died[0], "handlers.py:31"),
        (died[1], "handlers.py:31"),
    ]
    assert operator("get", "/bus/dead-letters?subscription=nobody").json() == []


@pytest.mark.parametrize(
    ("error", "at", "cause"),
    [
        ("KeyError: ", "", "KeyError: "),
        ("KeyError: ", "a.py:1", "KeyError: … at a.py:1"),
        ("ValidationError: title: Too long.", "title", "ValidationError: … at title"),
        ("Error: connection refused by the database", "", "Error: connection refused by the database"),
        ("orange: a secret", "a.py:1", "orange: a secret at a.py:1"),
        ("shop.Closed: at: noon", "a.py:1 > b.py:2", "shop.Closed: … at a.py:1 > b.py:2"),
        ("answered 422: No post 7.", "", "answered 422: …"),
        ("answered 500", "", "answered 500"),
        ("No post 7: it is gone", "", "No post 7: it is gone"),
        ("see http://there/7", "", "see http://there/7"),
        ("", "", ""),
    ],
)
def test_a_cause_is_the_class_of_an_error_and_the_place_or_all_of_an_error_without_a_class(
    died: list[str], error: str, at: str, cause: str, operator: Any
) -> None:
    Parked.objects.update(error=error, at=at)

    [group] = operator("get", GROUPS).json()

    assert (group["error"], group["sample"], group["count"]) == (cause, error, 3)
    assert len(operator("get", f"/bus/dead-letters?error={quote(cause)}").json()) == 3
    assert operator("post", f"{GROUPS}/discard", {"subscription": "query", "error": cause}).json() == {"count": 3}


def test_many_groups_are_listed_page_by_page(died: list[str], operator: Any) -> None:
    row = Parked.objects.get(event_id=died[0])
    its = {"lane": row.lane, "source": "/s", "type": "T", "body": row.body, "dead": True, "since": 0}
    Parked.objects.bulk_create(
        Parked(offset=-n, event_id=f"e{n}", subject=f"s{n}", error=f"foreign {n:03}", **its) for n in range(1, 101)
    )

    first = operator("get", GROUPS)
    assert (len(first.json()), first.headers["Link"]) == (100, f'<{GROUPS}?skip=100>; rel="next"')
    second = operator("get", f"{GROUPS}?skip=100")
    assert [group["error"] for group in second.json()] == ["foreign 099", "foreign 100"]
    assert "Link" not in second.headers
    is_problem(operator("get", f"{GROUPS}?skip=-1"), 400, ["skip"])


@pytest.mark.parametrize(("query", "field"), [("error=%00", "error"), ("subscription=%00", "subscription")])
def test_a_filter_with_a_nul_is_refused(query: str, field: str, operator: Any) -> None:
    is_problem(operator("get", f"/bus/dead-letters?{query}"), 400, [field])


@pytest.mark.parametrize("action", ["retry", "discard"])
def test_a_group_is_decided_about_and_the_others_stay(
    died: list[str], action: str, lane: LaneSteps, sub: Subscriber, drain: Any, operator: Any
) -> None:
    group = {"subscription": "query", "error": ITS}

    assert operator("post", f"{GROUPS}/{action}", group).json() == {"count": 2}
    drain(lane)

    assert sorted(sub.ids) == (sorted(died[:2]) if action == "retry" else [])
    assert list(Parked.objects.values_list("event_id", "dead")) == [(died[2], True)]
    assert Discard.objects.count() == (0 if action == "retry" else 2)
    assert operator("post", f"{GROUPS}/{action}", group).json() == {"count": 0}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (GROUPS, {"subscription": "query"}, "error"),
        (GROUPS, {"error": ITS}, "subscription"),
        (GROUPS, {"subscription": "query", "error": ITS, "type": "CommentCreated"}, "type"),
        (GROUPS, {"subscription": "query", "error": "\0"}, "error"),
        ("/bus/dead-letters", {"eror": ITS}, "eror"),
        ("/bus/dead-letters", {"subscription": "query", "error": ITS}, "error"),
    ],
)
def test_a_filter_that_is_not_understood_decides_about_nothing(
    died: list[str], path: str, body: Any, field: str, operator: Any
) -> None:
    is_problem(operator("post", f"{path}/discard", body), 400, [field])

    assert Parked.objects.filter(dead=True).count() == 3


def test_a_group_of_nobody_is_404(died: list[str], operator: Any) -> None:
    assert operator("post", f"{GROUPS}/discard", {"subscription": "nobody", "error": ITS}).status_code == 404


def test_while_a_retry_has_no_outcome_the_subscription_says_so(
    died: list[str], lane: LaneSteps, sub: Subscriber, drain: Any, operator: Any
) -> None:
    def counts() -> tuple[int, int]:
        [query] = operator("get", "/bus/subscriptions").json()
        return query["deadLetters"], query["retrying"]

    sub.fails = lambda event: event["subject"] == "b"
    operator("post", f"{GROUPS}/retry", {"subscription": "query", "error": ITS})
    assert counts() == (1, 2)
    drain(lane)
    assert counts() == (2, 0)
    assert operator("get", f"/bus/events/{died[1]}").json()["deliveries"][0]["attempts"][-1]["error"] == "can't"
    assert Parked.objects.get(event_id=died[1]).attempts == ATTEMPTS + 1


def test_a_large_group_is_settled_in_pieces_before_a_wider_decision_goes_on(
    died: list[str], lane: LaneSteps, operator: Any
) -> None:
    row = Parked.objects.get(event_id=died[0])
    its = {"lane": row.lane, "source": "/s", "type": "T", "body": row.body, "attempts": 8, "dead": True, "since": 0}
    for error in ("many", "others"):
        Parked.objects.bulk_create(
            Parked(
                offset=-n if error == "many" else -9000 - n,
                event_id=f"{error}{n}",
                subject=f"{error}{n}",
                error=error,
                **its,
            )
            for n in range(1, 2 * PIECE + 1)
        )
    operator("post", "/bus/dead-letters/retry", {"subscription": "query"})

    response = operator("post", f"{GROUPS}/discard", {"subscription": "query", "error": "others"})

    assert (response.status_code, response.json()) == (202, {"count": 2 * PIECE, "remaining": PIECE})
    [query] = operator("get", "/bus/subscriptions").json()
    assert query["deciding"] > PIECE
    Decisions().step()
    assert (Discard.objects.count(), Decision.objects.count()) == (2 * PIECE, 1)
    while GroupDecision.objects.exists() or Decision.objects.exists():
        Decisions().step()
    assert (Parked.objects.filter(dead=True).count(), Discard.objects.count()) == (0, 2 * PIECE)
