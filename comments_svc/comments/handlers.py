from typing import Any

from comments.services import remove_comment, set_status
from contracts import CommentModerated
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles


@handles(CommentModerated)
def on_comment_moderated(event: Event[CommentModerated]) -> None:
    verdict = event.data
    by: dict[str, Any] = {
        "reason": verdict.reason,
        "moderator": verdict.moderator,
        "moderation_version": verdict.version,
    }
    if verdict.removed:
        remove_comment(comment_id=verdict.id, **by)
    else:
        set_status(comment_id=verdict.id, content=verdict.content, status=verdict.status, **by)
