"""Finds comments: by text, author, post and rule."""

from typing import Any

from django.db.models import Q, QuerySet

from moderation.models import JudgedComment
from moderation.reading import author_key, plain, searchable

CHUNK = 500
"""rows that are made searchable at once"""


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


def make_searchable() -> None:
    """Find and mend what a former release wrote, which knows nothing of the search: once after an update."""
    unread = JudgedComment.objects.filter(Q(search=None) | Q(removed=True) & ~Q(search=""))
    while rows := list(unread.only("seq", "content", "author", "removed", "search")[:CHUNK]):
        for row in rows:
            # Unless it was written meanwhile.
            JudgedComment.objects.filter(seq=row.seq, content=row.content, search=row.search).update(
                search=searchable(row.content, row.author), author_key=author_key(row.author)
            )
