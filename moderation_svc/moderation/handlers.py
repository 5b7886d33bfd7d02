from typing import Any

from contracts import CommentCreated, CommentUpdated
from moderation.services import forget, judge_again, judge_comment, recall
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles


@handles(CommentCreated)
def on_comment_created(event: Event[CommentCreated]) -> None:
    judge_comment(**_comment(event))


@handles(CommentUpdated)
def on_comment_updated(event: Event[CommentUpdated]) -> None:
    if event.data.removed:
        forget(
            comment_id=event.data.id,
            post_id=event.data.post_id,
            created_at=event.data.created_at or event.time,
            version=event.data.moderation_version or 0,
        )
    elif event.data.status == "pending":
        judge_again(**_comment(event), version=event.data.moderation_version or 0)
    elif event.data.moderation_version:
        recall(
            **_comment(event),
            status=event.data.status,
            reason=event.data.reason,
            moderator=event.data.moderator,
            version=event.data.moderation_version,
        )


def _comment(event: Event[CommentCreated] | Event[CommentUpdated]) -> dict[str, Any]:
    return {
        "comment_id": event.data.id,
        "post_id": event.data.post_id,
        "content": event.data.content,
        "author": event.data.author,
        "created_at": event.data.created_at or event.time,
    }
