"""Finds comments: by text, author, post and rule."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from moderation.models import JudgedComment
from moderation.reading import author_key, plain, searchable

CHUNK = 500
"""rows that are made searchable in one transaction"""
UNREAD = Q(search=None) | Q(removed=True) & ~Q(search="")
"""what a release before the search wrote, or removed"""


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

    The migration does so until there is none, and the desk with what the former release writes after it.
    """
    unread = list(comments.filter(UNREAD).values_list("seq", "content", "author", "search")[:CHUNK])
    if unread:
        with transaction.atomic():
            for seq, content, author, search in unread:
                # Unless it was written meanwhile.
                comments.filter(seq=seq, content=content, search=search).update(
                    search=searchable(content, author), author_key=author_key(author)
                )
    return len(unread)
