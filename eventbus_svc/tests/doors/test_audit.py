"""The audit trail: each action of an operator leaves who did it, to what, when and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from eventbus.models import Lane, Parked
from svc_chassis.audit.models import AuditEntry
from svc_chassis.testing.conformance import PagedDoor, is_problem
from svc_chassis.testing.stored import everything_stored

AUDIT, QUERY = "/bus/audit", "/bus/subscriptions/query"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann(client: Client, heartbeat: Any, settings: Any) -> Callable[..., Any]:
    """A request of ann, one of several operators, at a bus with one subscription."""
    settings.OPERATOR_TOKEN = "ann=token-a,ben=token-b"
    heartbeat("query")

    def _ann(method: str, path: str, body: Any = None) -> Any:
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(path, headers={"Authorization": "Bearer token-a"}, **more)

    return _ann


@pytest.fixture
def letters(ann: Any) -> list[Parked]:
    """Three dead letters of `query`."""
    lane = Lane.objects.get(subscription="query")
    its: Any = {"lane": lane, "source": "/s", "type": "T", "body": b"{}", "attempts": 8, "dead": True, "since": 0}
    its |= {"error": "NoSuch: its text, quoted", "at": "handlers.py:31"}
    return [Parked.objects.create(**its, subject=f"s{n}", event_id=f"e{n}", offset=n) for n in range(3)]


OPTIONS = {"url": "http://127.0.0.1:9/events", "types": ["PostCreated"]}
FAULTS = {"drop": 0.5, "repeat": 0.0, "reorder": 0.0, "delay": 0.0}
ACTIONS = [
    ("post", f"{QUERY}/pause", None, ("pause", "query", {})),
    ("post", f"{QUERY}/resume", None, ("resume", "query", {})),
    ("post", f"{QUERY}/replay", {"from": "beginning"}, ("replay", "query", {"from": "beginning"})),
    ("put", "/bus/subscriptions/mine", OPTIONS, ("subscribe", "mine", OPTIONS)),
    ("delete", QUERY, None, ("unsubscribe", "query", {})),
    ("put", "/bus/faults", FAULTS, ("faults", "", FAULTS)),
    ("post", "/bus/dead-letters/retry", {"subscription": "query"}, ("retry", "query", {"deadLetters": 3})),
    ("post", "/bus/dead-letters/discard", {}, ("discard", "", {"deadLetters": 3})),
    (
        "post",
        "/bus/dead-letters/groups/discard",
        {"subscription": "query", "error": "NoSuch: … at handlers.py:31"},
        ("discard", "query", {"deadLetters": 3, "error": "NoSuch"}),
    ),
]


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(("method", "path", "body", "noted"), ACTIONS)
def test_an_action_leaves_an_entry(ann: Any, method: str, path: str, body: Any, noted: tuple[str, str, Any]) -> None:
    assert ann(method, f"{path}?reason=a%20drill", body).status_code in (200, 204)

    [entry] = ann("get", AUDIT).json()
    assert (entry["action"], entry["target"], entry["detail"]) == noted
    assert (entry["actor"], entry["reason"]) == ("ann", "a drill")


def test_of_an_error_without_a_class_nothing_is_noted_because_it_may_quote_a_payload(
    ann: Any, letters: list[Parked]
) -> None:
    Parked.objects.update(error="secret")
    ann("post", "/bus/dead-letters/groups/discard", {"subscription": "query", "error": "secret"})

    [entry] = ann("get", AUDIT).json()
    assert entry["detail"] == {"deadLetters": 3, "error": None}
    assert "secret" not in everything_stored()


@pytest.mark.parametrize("action", ["retry", "discard"])
def test_a_decision_about_one_dead_letter_names_its_event_and_is_noted_once(
    ann: Any, letters: list[Parked], action: str
) -> None:
    path = f"/bus/dead-letters/{letters[1].pk}/{action}"
    assert [ann("post", path).status_code for _ in range(2)] == [200, 404]

    [entry] = ann("get", AUDIT).json()
    assert entry == {
        "id": entry["id"],
        "time": entry["time"],
        "actor": "ann",
        "action": action,
        "target": "query",
        "reason": None,
        "detail": {"deadLetters": 1, "source": "/s", "event": "e1"},
    }


@pytest.mark.parametrize(("method", "path", "body", "_"), ACTIONS)
def test_an_action_with_a_bad_reason_is_refused_and_does_nothing(
    ann: Any, method: str, path: str, body: Any, _: Any
) -> None:
    before = ann("get", "/bus/subscriptions").json(), ann("get", "/bus/faults").json()

    is_problem(ann(method, f"{path}?reason=a%0Adrill", body), 400, ["reason"])

    assert (ann("get", "/bus/subscriptions").json(), ann("get", "/bus/faults").json()) == before
    assert not AuditEntry.objects.exists()


def test_heartbeats_leave_none(heartbeat: Any, ann: Any) -> None:
    heartbeat("query", types=["PostCreated"])
    assert ann("get", AUDIT).json() == []


class TestPages(PagedDoor):
    path = AUDIT

    @pytest.fixture
    def arranged(self, transactional_db: None, log: Any) -> None:
        """Nobody did anything yet."""

    def sender(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}
