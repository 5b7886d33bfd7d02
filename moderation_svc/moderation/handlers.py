from collections.abc import Callable
from functools import cache
from typing import Any

from contracts import CommentCreated, CommentUpdated
from moderation.rule_book import Rules
from moderation.services import forget, judge_again, judge_comment, recall
from svc_chassis.events.chain import Chain, continued
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles_batch


@handles_batch(CommentCreated, CommentUpdated)
def on_written(events: list[Event[Any]]) -> None:
    """The rules are read once for all of them, if any is judged."""
    rules = cache(Rules.present)
    for event in events:
        with continued(Chain.of(event.envelope)):
            if isinstance(event.data, CommentCreated):
                on_comment_created(event, rules)
            else:
                on_comment_updated(event, rules)


def on_comment_created(event: Event[CommentCreated], rules: Callable[[], Rules]) -> None:
    judge_comment(**_comment(event), rules=rules)


def on_comment_updated(event: Event[CommentUpdated], rules: Callable[[], Rules]) -> None:
    if event.data.removed:
        forget(
            comment_id=event.data.id,
            post_id=event.data.post_id,
            created_at=event.data.created_at or event.time,
            version=event.data.moderation_version or 0,
        )
    elif event.data.status == "pending":
        judge_again(**_comment(event), version=event.data.moderation_version or 0, rules=rules)
    elif event.data.moderation_version:
        recall(
            **_comment(event),
            status=event.data.status,
            reason=event.data.reason,
            moderator=event.data.moderator,
            version=event.data.moderation_version,
            rules=rules,
        )


def _comment(event: Event[CommentCreated] | Event[CommentUpdated]) -> dict[str, Any]:
    return {
        "comment_id": event.data.id,
        "post_id": event.data.post_id,
        "content": event.data.content,
        "author": event.data.author,
        "created_at": event.data.created_at or event.time,
    }
