from typing import Any

from contracts import CommentCreated, CommentUpdated, PostCreated, PostUpdated
from query.projections import project
from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles_batch


@handles_batch(PostCreated, PostUpdated, CommentCreated, CommentUpdated)
def on_written(events: list[Event[Any]]) -> None:
    project(events)
