"""Several comments are decided on in one request, each by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contracts import CommentCreated
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published

pytestmark = pytest.mark.django_db(transaction=True)

Headers = dict[str, str]


@pytest.fixture
def decide(
    client: Client, moderator: Headers, deliver: Deliver, comment: Callable[..., CommentCreated]
) -> Callable[[Any], Any]:
    deliver(*(comment(f"c{number}", "see www.example.com") for number in range(4)))

    def _decide(decisions: Any) -> Any:
        body = {"decisions": decisions}
        return client.post("/moderation/decisions", body, content_type="application/json", headers=moderator)

    return _decide


def test_the_answer_says_of_each_what_came_of_it(
    client: Client, decide: Any, published: Published, moderator: Headers
) -> None:
    decide([{"id": "c1", "status": "rejected", "reason": "Advertising.", "version": 0}])

    answer = decide(
        [
            {"id": "c0", "status": "approved", "version": 0},
            {"id": "c1", "status": "approved", "version": 0},
            {"id": "lost", "status": "approved", "version": 0},
            {"id": "c2", "status": "rejected", "reason": " Rude. ", "version": 0},
        ]
    )

    assert answer.status_code == 200
    now = {each["id"]: each for each in client.get("/moderation/comments", headers=moderator).json()}
    meanwhile = "moderator has rejected this comment meanwhile. Look at it again."
    assert answer.json() == {
        "results": [
            {"id": "c0", "outcome": "decided", "detail": None, "comment": now["c0"]},
            {"id": "c1", "outcome": "meanwhile", "detail": meanwhile, "comment": now["c1"]},
            {"id": "lost", "outcome": "unknown", "detail": "There is no comment lost here.", "comment": None},
            {"id": "c2", "outcome": "decided", "detail": None, "comment": now["c2"]},
        ]
    }
    assert [(now[each]["status"], now[each]["reason"]) for each in ("c0", "c1", "c2", "c3")] == [
        ("approved", None),
        ("rejected", "Advertising."),
        ("rejected", "Rude."),
        ("pending", "It contains a link, so a person decides."),
    ]
    assert [event["subject"] for event in published()] == ["c1", "c0", "c2"]
    trail: list[Json] = client.get("/moderation/audit", headers=moderator).json()
    assert [(each["action"], each["target"], each["detail"]["status"]) for each in trail] == [
        ("decide", "c2", "rejected"),
        ("decide", "c0", "approved"),
        ("decide", "c1", "rejected"),
    ]


def test_decisions_whose_answer_was_lost_may_be_sent_again(decide: Any, published: Published) -> None:
    decisions = [{"id": f"c{number}", "status": "approved", "version": 0} for number in range(4)]
    assert decide(decisions).json() == decide(decisions).json()
    assert len(published()) == 4


@pytest.mark.parametrize(
    "decisions",
    [
        None,
        [],
        {},
        "c0",
        [{}],
        ["c0"],
        [{"id": "c0"}],
        [{"id": "c0", "status": "pending"}],
        [{"id": "a b", "status": "approved"}],
        [{"id": 7, "status": "approved"}],
        [{"id": "c0", "status": "approved", "version": "0"}],
        [{"id": "c0", "status": "approved", "reason": "a\nb"}],
        [{"id": "c0", "status": "approved"}, {"id": "c0", "status": "rejected"}],
        [{"id": f"c{number}", "status": "approved"} for number in range(101)],
    ],
)
def test_one_bad_decision_decides_nothing(decide: Any, published: Published, decisions: Any) -> None:
    good = [{"id": "c3", "status": "approved"}]
    asked = good + decisions if isinstance(decisions, list) and decisions else decisions
    is_problem(decide(asked), 400)
    assert published() == []


def test_only_moderators_decide(client: Client) -> None:
    is_problem(client.post("/moderation/decisions", {}, content_type="application/json"), 401)
