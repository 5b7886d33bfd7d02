"""The events of Blogbus: one declaration each."""

from contracts.comments import CommentCreated, CommentUpdated
from contracts.moderation import CommentModerated, PostModerated
from contracts.posts import PostCreated, PostUpdated
from svc_chassis.events.contract import Contract

ALL: tuple[type[Contract], ...] = (
    PostCreated,
    PostModerated,
    PostUpdated,
    CommentCreated,
    CommentModerated,
    CommentUpdated,
)
BY_TYPE: dict[str, type[Contract]] = {contract.event_type(): contract for contract in ALL}

__all__ = [
    "ALL",
    "BY_TYPE",
    "CommentCreated",
    "CommentModerated",
    "CommentUpdated",
    "PostCreated",
    "PostModerated",
    "PostUpdated",
]
