"""What moderation publishes."""

from typing import Literal, Self

from contracts.comments import CommentCreated, Status
from contracts.posts import PostCreated
from svc_chassis.events.contract import Contract
from svc_chassis.web.ids import Id


class CommentModerated(Contract, publisher="moderation"):
    """A comment was judged, by rule or by a person. Subject: the comment."""

    post_id: Id
    """The post that the comment is about."""
    content: str
    """The text that was judged: the verdict is void if the comment has another one by now."""
    status: Status
    """The verdict."""
    reason: str | None = None
    """Why, in words for the reader."""
    moderator: str = ""
    """Who judged: `rules`, or a person."""
    removed: bool = False
    """Whether a moderator removed the comment, whatever its text."""

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


class PostModerated(Contract, publisher="moderation"):
    """A moderator removed a post. Subject: the post."""

    status: Literal["removed"]
    """The verdict."""
    reason: str | None = None
    """Why, for the record; it is not shown."""
    moderator: str = ""
    """Who removed it."""

    @classmethod
    def example(cls) -> Self:
        return cls(id=PostCreated.example().id, status="removed", reason="Advertising.", moderator="ann", version=1)
