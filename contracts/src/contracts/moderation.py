"""What moderation publishes."""

from typing import Self

from contracts.comments import CommentCreated, Status
from svc_chassis.events.contract import Contract
from svc_chassis.web.ids import Id


class CommentModerated(Contract, publisher="moderation"):
    """A comment was judged, by rule or by a person. Subject: the comment."""

    post_id: Id
    """The post that the comment is about."""
    content: str
    """The text that was judged."""
    status: Status
    """The verdict."""
    reason: str | None = None
    """Why, in words for the reader."""
    moderator: str = ""
    """Who judged: `rules`, or a person."""

    @classmethod
    def example(cls) -> Self:
        comment = CommentCreated.example()
        return cls(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            status="rejected",
            reason="It contains the banned word “orange”.",
            moderator="rules",
            version=1,
        )
