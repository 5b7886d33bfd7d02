"""Comments refuses what will not do, at every door."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from svc_chassis.testing.conformance import (
    AnyEventDoor,
    EventsDoor,
    HeadersDoor,
    IdempotentDoor,
    PagedDoor,
    SchemaDoor,
    TextField,
    WriteDoor,
    is_problem,
)
from svc_chassis.testing.conformance.ids import MALFORMED
from svc_chassis.web.edit_tokens import hash_of

POST = "/posts/1b4e28ba-2fa1-41d2-883f-0016d3cca427/comments"


class TestEvents(EventsDoor):
    pass


class TestAnyEvent(AnyEventDoor):
    REFUSALS = ("UnknownComment",)


class TestCommenting(WriteDoor):
    path, good = POST, {"content": "hello"}
    texts = [TextField("content", 2000, has_lines=True), TextField("author", 80, required=False)]

    @pytest.mark.parametrize("post_id", MALFORMED)
    def test_a_malformed_post_id_is_not_found(self, client: Client, post_id: str) -> None:
        path = f"/posts/{quote(post_id, safe='')}/comments"
        is_problem(client.post(path, self.good, content_type="application/json"), 404)
        is_problem(client.get(path), 404)


class TestEditing(WriteDoor):
    methods = ("put", "delete")
    path, good, texts = f"{POST}/c1", {"content": "hello"}, [TextField("content", 2000, has_lines=True)]

    def sender(self) -> dict[str, str]:
        return {"Authorization": "Bearer its-token"}

    @pytest.fixture
    def arranged(self, transactional_db: None) -> None:
        """There is a comment of this author."""
        Comment.objects.create(
            id="c1",
            post_id=POST.split("/")[2],
            content="mine",
            created_at=timezone.now(),
            edit_token_hash=hash_of("its-token"),
        )


class TestCommentingOnce(IdempotentDoor):
    path, good = POST, {"content": "hello"}
    elsewhere = POST.replace("1b4e", "2b4e")


class TestListing(PagedDoor):
    path = POST


class TestSchema(SchemaDoor):
    pass


class TestHeaders(HeadersDoor):
    SAMPLES = {"post_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427"}
