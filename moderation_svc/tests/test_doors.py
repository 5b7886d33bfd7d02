"""Moderation refuses what will not do and whom it does not know, at every door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from contracts import CommentCreated
from svc_chassis.testing.conformance import (
    AnyEventDoor,
    EventsDoor,
    HeadersDoor,
    PagedDoor,
    SchemaDoor,
    TextField,
    WriteDoor,
    is_problem,
)
from svc_chassis.testing.plugin import Deliver

QUEUE, COUNTS, AUDIT = "/moderation/comments", "/moderation/counts", "/moderation/audit"
DECISION, RULES = "/moderation/comments/c1/decision", "/moderation/rules"
GOOD = {"status": "approved"}


class AsModerator:
    def sender(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.MODERATOR_TOKEN}"}

    @pytest.fixture
    def arranged(self, transactional_db: None, deliver: Deliver, comment: Callable[..., CommentCreated]) -> None:
        """A comment waits for a decision."""
        deliver(comment("c1", "see www.example.com"))


class TestEvents(EventsDoor):
    pass


class TestAnyEvent(AnyEventDoor):
    pass


class TestDeciding(AsModerator, WriteDoor):
    path, good, texts = DECISION, GOOD, [TextField("reason", 500, required=False, nullable=True)]

    @pytest.mark.parametrize("status", ["pending", "perhaps", "Approved", "", None, 7, True, [], ["approved"], {}])
    def test_a_status_that_is_no_decision_is_named(self, client: Client, status: Any) -> None:
        body = {"status": status}
        response = client.post(DECISION, body, content_type="application/json", headers=self.sender())
        is_problem(response, 400, ["status"])

    @pytest.mark.parametrize("comment_id", ["c2", "%00", "a/b", "x" * 1000, "00000000-0000-0000-0000-000000000000"])
    def test_an_unknown_comment_is_not_found(self, client: Client, comment_id: str) -> None:
        path = f"/moderation/comments/{comment_id}/decision"
        is_problem(client.post(path, GOOD, content_type="application/json", headers=self.sender()), 404)


class TestListing(AsModerator, PagedDoor):
    path = QUEUE

    @pytest.fixture
    def arranged(self) -> None:
        """Nothing was judged yet."""

    @pytest.mark.parametrize("status", ["perhaps", "", "Pending", "pending,approved", "\0"])
    def test_an_unknown_status_is_named(self, client: Client, status: str) -> None:
        is_problem(client.get(QUEUE, {"status": status}, headers=self.sender()), 400, ["status"])


class TestTheTrail(AsModerator, PagedDoor):
    path = AUDIT

    @pytest.fixture
    def arranged(self) -> None:
        """Nobody did anything yet."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", QUEUE),
        ("get", COUNTS),
        ("get", AUDIT),
        ("get", f"{QUEUE}/c1"),
        ("delete", f"{QUEUE}/c1"),
        ("post", DECISION),
        ("post", "/moderation/decisions"),
        ("delete", "/moderation/posts/p1"),
        ("get", RULES),
        ("post", RULES),
        ("delete", f"{RULES}/r1"),
        ("get", f"{RULES}/preview"),
    ],
)
class TestTokens:
    @pytest.mark.parametrize("token", [None, "Bearer wrong", "Bearer", "Bearer \xe9", "Basic bW9kZXJhdG9y", "garbled"])
    def test_without_the_moderators_token_nobody_is_let_in(
        self, client: Client, method: str, path: str, token: str | None
    ) -> None:
        headers = {"Authorization": token} if token else {}
        response = getattr(client, method)(path, headers=headers)
        is_problem(response, 401)
        assert response["WWW-Authenticate"] == 'Bearer realm="blogbus"'

    def test_the_operator_is_no_moderator(self, client: Client, method: str, path: str) -> None:
        headers = {"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}
        is_problem(getattr(client, method)(path, headers=headers), 403)


class TestSchema(AsModerator, SchemaDoor):
    pass


class TestHeaders(AsModerator, HeadersDoor):
    pass
