"""Finds comments: by text, author, post and rule. A loop reads those that a former release writes beside this one."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from moderation.models import UNREAD, JudgedComment
from moderation.reading import author_key, plain, searchable
from svc_chassis.bootstrap import service_loops
from svc_chassis.runtime.loop import Steps

CHUNK = 500
"""rows that are made searchable in one transaction"""
READING = "reading"
EVERY = 5.0
"""seconds between two looks for what a former release wrote"""


def selected(
    *, q: str | None = None, author: str | None = None, post: str | None = None, **equal: Any
) -> QuerySet[JudgedComment]:
    """The comments whose text or author contains `q`, by an author of this name, on this post; `equal` by field."""
    found = JudgedComment.objects.filter(removed=False, **equal)
    if q is not None:
        found = found.filter(search__contains=plain(q))
    if author is not None:
        found = found.filter(author_key=author_key(author))
    if post is not None:
        found = found.filter(post_id=post)
    return found


def make_searchable(comments: QuerySet[Any]) -> int:
    """Read a chunk of `comments` that are unread, and say how many these were.

    The migration does so until there is none, and `Reading` with what the former release writes after it.
    """
    unread = comments.filter(UNREAD).values_list("seq", "version", "content", "author")[:CHUNK]
    # Before the transaction, in which others cannot write.
    read = [(seq, version, content, searchable(content, author)) for seq, version, content, author in unread]
    if read:
        with transaction.atomic():
            for seq, version, content, (search, author) in read:
                # Unless it was written meanwhile.
                comments.filter(seq=seq, version=version, content=content).update(
                    search=search, author_key=author, searched_version=version
                )
    return len(read)


class Reading:
    """The loop that makes searchable, and forgets, what a former release writes, edits and removes during an update."""

    def step(self) -> float:
        return 0 if make_searchable(JudgedComment.objects.all()) == CHUNK else EVERY

    def stop(self) -> None:
        """Nothing is held. Several processes may do the same: a row that was written meanwhile is left alone."""


def moderation_loops() -> dict[str, Steps]:
    return service_loops() | {READING: Reading()}
