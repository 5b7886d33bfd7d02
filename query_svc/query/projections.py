"""The read model: the fold of all events, rendered as one JSON document per post."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Max

from contracts import CommentCreated, CommentUpdated, PostCreated
from query.changes import CHANGES
from query.models import Comment, Post
from svc_chassis.events.event import Event
from svc_chassis.runtime import scheduler

EMBEDDED = 50
"""comments shown with a post: the newest, oldest first"""

SHOWN = ("id", "content", "author", "status", "reason")
"""columns of a comment that its post shows, besides `createdAt`"""

# A window function would read all comments of a post, 50 ms where there are 10,000; this reads the newest by index.
NEWEST = f"""
    SELECT asked.column1, {", ".join(f"comment.{name}" for name in (*SHOWN, "created_at"))}
    FROM (VALUES {{asked}}) AS asked JOIN query_comment comment
    ON comment.post_id = asked.column1 AND comment.created_at >= coalesce(
        (SELECT created_at FROM query_comment WHERE post_id = asked.column1
         ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET {EMBEDDED - 1}), '0001-01-01')
    ORDER BY comment.created_at, comment.id"""

COUNTS = "SELECT post_id, COUNT(*) FROM query_comment WHERE post_id IN ({asked}) GROUP BY post_id"


def project(events: Iterable[Event[Any]]) -> None:
    """Fold a batch into the read model, and render each changed post once.

    The result does not depend on the order of the events: posts and comments are sorted by `createdAt`, and a creation
    that arrives after an update changes nothing else.
    """
    posts: dict[str, Post] = {}
    changes: list[Event[CommentCreated | CommentUpdated]] = []
    for event in events:
        if isinstance(event.data, PostCreated):
            posts.setdefault(event.data.id, _post(event))
        else:
            changes.append(event)
    comments = Comment.objects.in_bulk({change.data.id for change in changes})
    for change in changes:
        comments[change.data.id] = _comment(change, comments.get(change.data.id))
    _save_comments(comments.values())
    touched = posts.keys() | {comment.post_id for comment in comments.values()}
    posts |= Post.objects.defer("rendered").in_bulk(touched)
    if posts:
        _render(posts)
        _save_posts(posts.values())
        transaction.on_commit(lambda: scheduler.wake(CHANGES))


def _post(event: Event[PostCreated]) -> Post:
    data = event.data
    return Post(id=data.id, title=data.title, body=data.body, author=data.author, created_at=_written_at(event))


def _comment(event: Event[CommentCreated | CommentUpdated], known: Comment | None) -> Comment:
    """The comment after `event`, without text and author unless approved."""
    data = event.data
    created_at = _written_at(event)
    if known:
        created_at = min(created_at, known.created_at)
        if isinstance(data, CommentCreated):
            known.created_at = created_at
            return known
    return Comment(
        id=data.id,
        post_id=data.post_id,
        content=data.content if data.status == "approved" else None,
        author=data.author if data.status == "approved" else None,
        status=data.status,
        reason=data.reason if isinstance(data, CommentUpdated) else None,
        created_at=created_at,
    )


def _written_at(event: Event[Any]) -> datetime:
    """When it was written; the time of the event if the publisher gives none."""
    written: datetime = event.data.created_at or event.time
    return written


def _render(posts: dict[str, Post]) -> None:
    newest, counts = _newest_comments(posts)
    for post in posts.values():
        post.rendered = orjson.dumps(
            {
                "id": post.id,
                "title": post.title,
                "body": post.body,
                "author": post.author,
                "createdAt": post.created_at,
                "commentCount": counts.get(post.id, 0),
                "comments": newest.get(post.id, []),
            },
            option=orjson.OPT_UTC_Z,
        )


def _newest_comments(post_ids: Collection[str]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    """By post: its newest comments as they are shown, and the number of all."""
    each = ["%s"] * len(post_ids)
    newest = defaultdict(list)
    # Rows of the cursor: model instances would take most of the time of a delivery.
    with connection.cursor() as cursor:
        cursor.execute(NEWEST.format(asked=", ".join(f"({one})" for one in each)), [*post_ids])
        for post_id, *values, created_at in cursor.fetchall():
            comment = dict(zip(SHOWN, values, strict=True))
            # SQLite has no time zones; what it stores is UTC.
            newest[post_id].append(comment | {"createdAt": created_at.replace(tzinfo=created_at.tzinfo or UTC)})
        cursor.execute(COUNTS.format(asked=", ".join(each)), [*post_ids])
        counts = dict(cursor.fetchall())
    return {post_id: rows[-EMBEDDED:] for post_id, rows in newest.items()}, counts


def _save_comments(comments: Iterable[Comment]) -> None:
    changing = ["post_id", "content", "author", "status", "reason", "created_at"]
    Comment.objects.bulk_create(comments, update_conflicts=True, unique_fields=["id"], update_fields=changing)


def _save_posts(posts: Iterable[Post]) -> None:
    """Assign revisions and save. The inbox is locked, so revisions commit in order, and a reader cannot skip one."""
    newest = Post.objects.aggregate(newest=Max("revision"))["newest"] or 0
    for revision, post in enumerate(posts, newest + 1):
        post.revision = revision
    changing = ["rendered", "revision"]
    Post.objects.bulk_create(posts, update_conflicts=True, unique_fields=["id"], update_fields=changing)
