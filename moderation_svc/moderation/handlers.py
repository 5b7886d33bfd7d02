from contracts import CommentCreated
from moderation.services import judge_comment
from svc_chassis.events.event import Event
from svc_chassis.events.handling import handles


@handles(CommentCreated)
def on_comment_created(event: Event[CommentCreated]) -> None:
    judge_comment(
        comment_id=event.data.id,
        post_id=event.data.post_id,
        content=event.data.content,
        author=event.data.author,
        created_at=event.data.created_at or event.time,
    )
