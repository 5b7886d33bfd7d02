"""Events as query hears them, short to write."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import CommentCreated, CommentUpdated, PostCreated, PostUpdated
from svc_chassis.testing.plugin import Json, wire

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def post(post_id: str = "p1", minute: int = 0, **more: Any) -> Json:
    fields = {"title": "hi", "body": "there", "author": "Ada", "created_at": at(minute), "version": 1} | more
    return wire(PostCreated.model_validate({"id": post_id, **fields}))


def edit(post_id: str = "p1", minute: int = 0, **more: Any) -> Json:
    fields = {"title": "edited", "body": "there", "author": "Ada", "status": "published", "version": 2} | more
    return wire(PostUpdated.model_validate({"id": post_id, "created_at": at(minute), **fields}))


def removal(post_id: str = "p1", minute: int = 0, **more: Any) -> Json:
    gone = {"title": "", "body": "", "author": "", "status": "removed"}
    return edit(post_id, minute, **gone | {"version": 3} | more)


def comment(comment_id: str = "c1", minute: int = 0, post_id: str = "p1", **more: Any) -> Json:
    fields = {"content": "hello", "author": "Bob", "status": "pending", "created_at": at(minute), "version": 1} | more
    return wire(CommentCreated.model_validate({"id": comment_id, "post_id": post_id, **fields}))


def update(comment_id: str = "c1", minute: int = 0, post_id: str = "p1", **more: Any) -> Json:
    fields = {"content": "hello", "author": "Bob", "status": "approved", "created_at": at(minute), "version": 2} | more
    return wire(CommentUpdated.model_validate({"id": comment_id, "post_id": post_id, **fields}))


def comment_removal(comment_id: str = "c1", minute: int = 0, post_id: str = "p1", **more: Any) -> Json:
    gone = {"content": "", "author": "", "status": "rejected", "removed": True}
    return update(comment_id, minute, post_id, **gone | {"version": 4} | more)


def shown(comment_id: str = "c1", **more: Any) -> Json:
    """A comment as it is shown before moderation's word, or after an approval of Bob's `content`."""
    return (
        {
            "id": comment_id,
            "content": None,
            "author": None,
            "status": "pending",
            "reason": None,
            "createdAt": "2026-01-01T00:00:00Z",
        }
        | ({"author": "Bob"} if "content" in more else {})
        | more
    )
