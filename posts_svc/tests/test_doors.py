"""Posts refuses what will not do, at every door."""

import pytest
from django.utils import timezone

from posts.models import Post
from svc_chassis.testing.conformance import (
    EventsDoor,
    HeadersDoor,
    IdempotentDoor,
    PagedDoor,
    SchemaDoor,
    TextField,
    WriteDoor,
)
from svc_chassis.web.edit_tokens import hash_of

TEXTS = [
    TextField("title", 200),
    TextField("body", 20_000, required=False, has_lines=True),
    TextField("author", 80, required=False),
]


class TestEvents(EventsDoor):
    pass


class TestWriting(WriteDoor):
    path, good, texts = "/posts", {"title": "hi"}, TEXTS


class TestWritingWhereTheSeedDid(WriteDoor):
    path, good, texts = "/posts/create", {"title": "hi"}, TEXTS


class TestEditing(WriteDoor):
    methods = ("put", "delete")
    path, good, texts = "/posts/p1/text", {"title": "hi"}, TEXTS[:2]

    def sender(self) -> dict[str, str]:
        return {"Authorization": "Bearer its-token"}

    @pytest.fixture
    def arranged(self, transactional_db: None) -> None:
        """There is a post of this author."""
        Post.objects.create(id="p1", title="mine", created_at=timezone.now(), edit_token_hash=hash_of("its-token"))


class TestWritingOnce(IdempotentDoor):
    path, elsewhere, good = "/posts", "/posts/create", {"title": "hi"}


class TestWritingOnceWhereTheSeedDid(IdempotentDoor):
    path, elsewhere, good = "/posts/create", "/posts", {"title": "hi"}


class TestListing(PagedDoor):
    path = "/posts"


class TestSchema(SchemaDoor):
    pass


class TestHeaders(HeadersDoor):
    pass
