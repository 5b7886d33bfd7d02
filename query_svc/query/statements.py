"""Plain SQL of the projection: building the same querysets again costs more than the database takes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from svc_chassis.database.rows import execute_rows

EMBEDDED = 50
"""comments shown with a post: the newest, oldest first"""


class PostRow(NamedTuple):
    id: str
    title: str
    body: str
    author: str
    removed: bool
    edited_at: datetime | None
    created_at: datetime


class CommentRow(NamedTuple):
    id: str
    post_id: str
    content: str | None
    author: str | None
    status: str
    reason: str | None
    created_at: datetime


class Shown(NamedTuple):
    """A post with what it shows."""

    id: str
    title: str
    body: str
    author: str
    removed: bool
    created_at: datetime
    comment_count: int
    comments: list[dict[str, Any]]


SHOWN = ("id", "content", "author", "status", "reason")
"""columns of a comment that its post shows, besides `createdAt`"""

_INSERT_POST = f"INSERT INTO query_post ({', '.join(PostRow._fields)}, rendered, revision) VALUES {{rows}} "
ADD_POST = _INSERT_POST + "ON CONFLICT (id) DO NOTHING"
UPDATE_POST = (
    _INSERT_POST
    + "ON CONFLICT (id) DO UPDATE SET created_at = {least}(query_post.created_at, excluded.created_at)"
    + "".join(f", {name} = excluded.{name}" for name in ("title", "body", "author", "removed", "edited_at"))
)
ADD_COMMENT = (
    f"INSERT INTO query_comment ({', '.join(CommentRow._fields)}) VALUES {{rows}} "
    "ON CONFLICT (id) DO UPDATE SET created_at = {least}(query_comment.created_at, excluded.created_at)"
)
UPDATE_COMMENT = ADD_COMMENT + "".join(
    f", {name} = excluded.{name}" for name in ("post_id", "content", "author", "status", "reason")
)
POSTS = (
    f"SELECT {', '.join(Shown._fields[:6])}, (SELECT COUNT(*) FROM query_comment WHERE post_id = query_post.id) "
    "FROM query_post WHERE id IN ({asked})"
)
# A window function would read all comments of a post, 50 ms where there are 10,000; this reads the newest by index.
NEWEST = f"""
    SELECT asked.column1, {", ".join(f"comment.{name}" for name in (*SHOWN, "created_at"))}
    FROM (VALUES {{asked}}) AS asked JOIN query_comment comment
    ON comment.post_id = asked.column1 AND comment.created_at >= coalesce(
        (SELECT created_at FROM query_comment WHERE post_id = asked.column1
         ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET {EMBEDDED - 1}), '0001-01-01')
    ORDER BY comment.created_at, comment.id"""

SAVE = (
    "UPDATE query_post SET rendered = new.column2, revision = new.column3 "
    "FROM (VALUES {rows}) AS new WHERE query_post.id = new.column1"
)


def add_posts(posts: Sequence[PostRow]) -> None:
    """The first state of each. Those that are known stay as they are."""
    _execute(ADD_POST, [(*row, b"", 0) for row in _each_once(reversed(posts))])


def update_posts(posts: Iterable[PostRow]) -> None:
    """The last state of each, and the earliest time."""
    _execute(UPDATE_POST, [(*row, b"", 0) for row in _each_once(posts)])


def add_comments(comments: Sequence[CommentRow]) -> None:
    """The first state of each; of those that are known, only an earlier time counts."""
    _execute(ADD_COMMENT, _each_once(reversed(comments)))


def update_comments(comments: Iterable[CommentRow]) -> None:
    """The last state of each, and the earliest time."""
    _execute(UPDATE_COMMENT, _each_once(comments))


def shown(post_ids: Collection[str]) -> list[Shown]:
    """Those posts that are known, in the order of `post_ids`."""
    if not post_ids:
        return []
    comments = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(POSTS.format(asked=", ".join(["%s"] * len(post_ids))), [*post_ids])
        posts = {row[0]: row for row in cursor.fetchall()}
        known = [post_id for post_id in post_ids if post_id in posts]
        if known:
            cursor.execute(NEWEST.format(asked=", ".join(["(%s)"] * len(known))), known)
            for post_id, *values, created_at in cursor.fetchall():
                comment = dict(zip(SHOWN, values, strict=True))
                comments[post_id].append(comment | {"createdAt": _aware(created_at)})
    return [
        Shown._make([*post[:4], bool(post[4]), _aware(post[5]), *post[6:], comments[post[0]][-EMBEDDED:]])
        for post in map(posts.__getitem__, known)
    ]


def newest_revision() -> int:
    """Of all posts; 0 if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(revision), 0) FROM query_post")
        return int(cursor.fetchone()[0])


def save(rendered: list[tuple[str, bytes, int]]) -> None:
    """By the id of its post, each with its revision."""
    _execute(SAVE, rendered)


def _each_once(rows: Iterable[PostRow | CommentRow]) -> list[tuple[Any, ...]]:
    """The last state of each, and the earliest time: one statement must not write a row twice."""
    found: dict[str, PostRow | CommentRow] = {}
    for row in rows:
        before = found.get(row.id, row)
        found[row.id] = row._replace(created_at=min(row.created_at, before.created_at))
    return [tuple(_time(each) if isinstance(each, datetime) else each for each in row) for row in found.values()]


def _execute(statement: str, rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        execute_rows(cursor, statement.replace("{least}", "min" if connection.vendor == "sqlite" else "least"), rows)


def _time(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _aware(moment: datetime) -> datetime:
    """SQLite has no time zones; what it stores is UTC."""
    return moment.replace(tzinfo=moment.tzinfo or UTC)
