"""What posts publishes."""

from datetime import UTC, datetime
from typing import Literal, Self

from svc_chassis.events.attributes import Instant
from svc_chassis.events.contract import Contract


class PostCreated(Contract, publisher="posts"):
    """A post was written. Subject: the post."""

    title: str
    """Its heading, one line."""
    body: str = ""
    """Its text, if it has more than a heading."""
    author: str = ""
    """The name that its author gave."""
    created_at: Instant | None = None
    """When it was written."""

    @classmethod
    def example(cls) -> Self:
        return cls(
            id="5c6f2a9e-6f0b-4f0e-9a53-0d9f8a1c7b11",
            title="What is an event?",
            body="A fact, in the past tense, told by the one who knows.",
            author="Ada",
            created_at=datetime(2026, 1, 1, 9, tzinfo=UTC),
            version=1,
        )


class PostUpdated(Contract, publisher="posts"):
    """A post was edited or removed; carries the whole of it. Subject: the post."""

    title: str
    """Its heading, one line; empty once it is removed."""
    body: str = ""
    """Its text; empty once it is removed."""
    author: str = ""
    """The name that its author gave; empty once it is removed."""
    status: Literal["published", "removed"]
    """Whether it is shown. A removed post never comes back."""
    created_at: Instant | None = None
    """When it was written."""

    @classmethod
    def example(cls) -> Self:
        created = PostCreated.example().model_dump()
        edited = {"body": "A fact, in the past tense, published by the one who knows.", "status": "published"}
        return cls.model_validate(created | edited | {"version": 2})
