"""Posts refuses what will not do, at every door."""

from svc_chassis.testing.conformance import (
    EventsDoor,
    HeadersDoor,
    IdempotentDoor,
    PagedDoor,
    SchemaDoor,
    TextField,
    WriteDoor,
)

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
