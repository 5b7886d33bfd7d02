"""What comments publishes."""

from datetime import UTC, datetime
from typing import Literal, Self

from contracts.posts import PostCreated
from svc_chassis.events.attributes import Instant
from svc_chassis.events.contract import Contract, Version
from svc_chassis.web.ids import Id

Status = Literal["pending", "approved", "rejected"]


class CommentCreated(Contract, publisher="comments"):
    """A comment was written and waits for moderation. Subject: the comment."""

    post_id: Id
    """The post that it is about; the post itself may be heard of later."""
    content: str
    """Its text."""
    author: str = ""
    """The name that its author gave."""
    status: Status
    """`pending`: nobody has decided yet."""
    created_at: Instant | None = None
    """When it was written."""

    @classmethod
    def example(cls) -> Self:
        return cls(
            id="e2b1c0d4-3a57-4c66-8f1e-7b20d5a4c922",
            post_id=PostCreated.example().id,
            content="Is an orange a fact?",
            author="Grace",
            status="pending",
            created_at=datetime(2026, 1, 1, 9, tzinfo=UTC),
            version=1,
        )


class CommentUpdated(Contract, publisher="comments"):
    """A comment changed; carries the whole of it, so that it stands for all that came before. Subject: the comment."""

    post_id: Id
    """The post that it is about; the post itself may be heard of later."""
    content: str
    """Its text."""
    author: str = ""
    """The name that its author gave."""
    status: Status
    """What moderation made of it; only an approved comment's text is shown."""
    reason: str | None = None
    """Why, in words for the reader."""
    moderator: str = ""
    """Who decided so: `rules`, or a person."""
    moderation_version: Version | None = None
    """The version of the last CommentModerated that comments received, even if that was void because the text had
    changed. Moderation recognizes its own verdict by it."""
    created_at: Instant | None = None
    """When it was written."""
    removed: bool = False
    """Whether its author or a moderator removed it: its text and author are empty, and it never comes back. Who does
    not know this field sees a rejected comment."""

    @classmethod
    def example(cls) -> Self:
        created = CommentCreated.example().model_dump()
        verdict = {"status": "rejected", "reason": "It contains the banned word “orange”.", "moderator": "rules"}
        return cls.model_validate(created | verdict | {"moderation_version": 1, "version": 2})
