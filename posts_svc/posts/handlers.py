from contracts import PostModerated
from posts.services import remove_post
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles


@handles(PostModerated)
def on_post_moderated(event: Event[PostModerated]) -> None:
    remove_post(post_id=event.data.id)
