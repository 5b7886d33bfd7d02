"""The read model: the fold of all events, rendered as one JSON document per post."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from contracts import CommentCreated, CommentUpdated, PostCreated, PostUpdated
from query import statements
from query.changes import CHANGES
from query.statements import CommentRow, PostRow, Shown
from svc_chassis.events.event import Event
from svc_chassis.runtime import scheduler


def project(events: Iterable[Event[Any]]) -> None:
    """Fold a batch into the read model, and render each changed post once.

    The result does not depend on the order of the events: posts and comments are sorted by `createdAt`, and a creation
    that arrives after an update changes nothing else.
    """
    added, edited = list[PostRow](), list[PostRow]()
    created, updated = list[CommentRow](), list[CommentRow]()
    touched = dict[str, None]()
    for event in events:
        match event.data:
            case PostCreated() | PostUpdated() as post:
                (added if isinstance(post, PostCreated) else edited).append(_post(event))
                touched[post.id] = None
            case comment:
                (created if isinstance(comment, CommentCreated) else updated).append(_comment(event))
                touched[comment.post_id] = None
    # Creations first: what was updated has everything they have, or newer.
    statements.add_posts(added)
    statements.update_posts(edited)
    statements.add_comments(created)
    statements.update_comments(updated)
    shown = statements.shown(list(touched))
    if shown:
        # The inbox is locked, so revisions commit in order, and a reader cannot skip one.
        first = statements.newest_revision() + 1
        statements.save([(post.id, _rendered(post), first + number) for number, post in enumerate(shown)])
        transaction.on_commit(lambda: scheduler.wake(CHANGES))


def _post(event: Event[PostCreated | PostUpdated]) -> PostRow:
    data = event.data
    removed = isinstance(data, PostUpdated) and data.status == "removed"
    edited_at = event.time if isinstance(data, PostUpdated) else None
    return PostRow(data.id, data.title, data.body, data.author, removed, edited_at, _written_at(event))


def _comment(event: Event[CommentCreated | CommentUpdated]) -> CommentRow:
    """The comment after `event`, without text and author unless approved; a removed one belongs to no post."""
    data = event.data
    removed = isinstance(data, CommentUpdated) and data.removed
    public = data.status == "approved"
    return CommentRow(
        data.id,
        "" if removed else data.post_id,
        data.content if public else None,
        data.author if public else None,
        data.status,
        data.reason if isinstance(data, CommentUpdated) else None,
        _written_at(event),
    )


def _written_at(event: Event[Any]) -> datetime:
    """When it was written; the time of the event if the publisher gives none."""
    written: datetime = event.data.created_at or event.time
    return written


def _rendered(post: Shown) -> bytes:
    """The whole JSON of a post; nothing, if it is removed."""
    if post.removed:
        return b""
    return orjson.dumps(
        {
            "id": post.id,
            "title": post.title,
            "body": post.body,
            "author": post.author,
            "createdAt": post.created_at,
            "commentCount": post.comment_count,
            "comments": post.comments,
        },
        option=orjson.OPT_UTC_Z,
    )
