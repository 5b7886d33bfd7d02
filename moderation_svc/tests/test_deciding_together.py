"""Several moderators: a decision names the verdict that it saw, and the audit trail says who decided what and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contracts import CommentCreated
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published

pytestmark = pytest.mark.django_db(transaction=True)

DECISION, AUDIT = "/moderation/comments/{}/decision", "/moderation/audit"
Decide = Callable[..., Any]


@pytest.fixture
def decide(
    client: Client, settings: Any, deliver: Deliver, comment: Callable[..., CommentCreated]
) -> Callable[..., Any]:
    """A decision of ann or ben about a comment that waits."""
    settings.MODERATOR_TOKEN = "ann=token-a,ben=token-b,ben=token-b2"
    deliver(comment("c1", "see www.example.com"))

    def _decide(token: str, query: str = "", comment_id: str = "c1", **decision: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        path = DECISION.format(comment_id) + query
        return client.post(path, decision, content_type="application/json", headers=headers)

    return _decide


@pytest.fixture
def trail(client: Client) -> Callable[..., list[Json]]:
    def _trail(**selection: str) -> list[Json]:
        response = client.get(AUDIT, selection, headers={"Authorization": "Bearer token-a"})
        assert response.status_code == 200, response.content
        found: list[Json] = response.json()
        return found

    return _trail


def test_of_two_who_saw_the_same_comment_the_second_learns_what_the_first_decided(
    decide: Decide, published: Published
) -> None:
    first = decide("token-a", status="rejected", reason="Advertising.", version=0).json()

    second = decide("token-b", status="approved", version=0)

    is_problem(second, 409)
    assert second.json()["detail"] == "ann has rejected this comment meanwhile. Look at it again."
    assert second.json()["verdict"] == first
    assert [event["data"]["moderator"] for event in published()] == ["ann"]

    third = decide("token-b", status="approved", version=first["version"])
    assert (third.status_code, third.json()["moderator"], third.json()["version"]) == (200, "ben", 2)


def test_a_decision_whose_answer_was_lost_may_be_sent_again(
    decide: Decide, published: Published, trail: Callable[..., list[Json]]
) -> None:
    answers = [decide("token-a", status="rejected", reason="Advertising.", version=0) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (len(published()), len(trail())) == (1, 1)


def test_a_decision_about_another_history_says_what_is_there_now(decide: Decide, comment: Any, deliver: Any) -> None:
    never_seen = decide("token-a", status="approved", version=7)
    is_problem(never_seen, 409)
    assert never_seen.json()["detail"] == "This comment or its verdict has changed meanwhile. Look at it again."

    deliver(comment("c2", "an orange"))
    by_the_rules = decide("token-a", comment_id="c2", status="approved", version=0)
    is_problem(by_the_rules, 409)
    assert by_the_rules.json()["detail"] == "The rules have rejected this comment meanwhile. Look at it again."


def test_a_decision_that_names_no_version_replaces_any(decide: Decide) -> None:
    for token in ("token-a", "token-b", "token-b2"):
        assert decide(token, status="approved").status_code == 200


@pytest.mark.parametrize("version", [-1, "0", 0.5, True, [], 10**18])
def test_a_version_that_is_none_is_named(decide: Decide, version: Any) -> None:
    is_problem(decide("token-a", status="approved", version=version), 400, ["version"])


def test_the_trail_says_who_decided_what_when_and_why(decide: Decide, trail: Callable[..., list[Json]]) -> None:
    decide("token-a", status="rejected", reason="Advertising.")
    decided = decide("token-b2", "?reason=ann%20clicked%20the%20wrong%20button", status="approved").json()

    second, first = trail()
    assert second == {
        "id": second["id"],
        "time": second["time"],
        "actor": "ben",
        "action": "decide",
        "target": "c1",
        "reason": "ann clicked the wrong button",
        "detail": {"status": "approved", "reason": None, "version": 2},
    }
    assert second["time"] >= decided["decidedAt"]
    assert (first["actor"], first["reason"], first["detail"]["reason"]) == ("ann", None, "Advertising.")
    assert trail(actor="ann") == trail(limit="1", before=second["id"]) == [first]
    assert trail(target="c2") == trail(action="pause") == []


@pytest.mark.parametrize(
    ("query", "decision", "status"),
    [
        ("", {"status": "perhaps"}, 400),
        ("?reason=a%0Ab", {}, 400),
        (f"?reason={'x' * 501}", {}, 400),
        ("", {"version": 7}, 409),
    ],
)
def test_what_is_refused_leaves_no_trace(
    decide: Decide, trail: Callable[..., list[Json]], published: Published, query: str, decision: Json, status: int
) -> None:
    is_problem(decide("token-a", query, **{"status": "approved"} | decision), status)
    assert trail() == published() == []
