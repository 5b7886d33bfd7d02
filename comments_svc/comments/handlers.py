from comments.services import set_status
from contracts import CommentModerated
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles


@handles(CommentModerated)
def on_comment_moderated(event: Event[CommentModerated]) -> None:
    set_status(
        comment_id=event.data.id,
        status=event.data.status,
        reason=event.data.reason,
        moderator=event.data.moderator,
        moderation_version=event.data.version,
    )
