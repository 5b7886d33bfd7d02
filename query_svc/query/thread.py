"""All comments of a post: a post itself embeds only the newest of them."""

from typing import Any

import orjson
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from query.answers import answer
from query.models import Comment, Post
from query.newest import newest_first
from query.serializers import CommentOut
from query.statements import SHOWN
from svc_chassis.web.paging import Page


class ThreadView(APIView):
    @extend_schema(parameters=Page.PARAMETERS, responses=CommentOut(many=True))
    def get(self, request: Request, post_id: str) -> HttpResponseBase:
        """The comments of a post, newest first, as the post shows them. 304 if unchanged."""
        page = Page.of(request)
        # A removed comment belongs to no post; a page goes on after it all the same.
        among = Comment.objects.filter(post_id__in=[post_id, ""])
        rows = newest_first(_thread(post_id), page.before, among)
        found = list(rows.values(*SHOWN, "created_at")[: page.limit + 1])
        shown, more = found[: page.limit], len(found) > page.limit
        return answer(request, _json([*map(_shown, shown)]), page.next_link(request, shown[-1]["id"]) if more else "")


class ThreadCommentView(APIView):
    @extend_schema(responses=CommentOut)
    def get(self, request: Request, post_id: str, comment_id: str) -> HttpResponseBase:
        """One comment, as its post shows it. 304 if unchanged."""
        row = _thread(post_id).filter(id=comment_id).values(*SHOWN, "created_at").first()
        if row is None:
            raise NotFound(f"There is no comment {comment_id} on post {post_id} here.")
        return answer(request, _json(_shown(row)))


def _thread(post_id: str) -> QuerySet[Comment]:
    """Raises NotFound for a post that is removed, or not here."""
    if not Post.objects.filter(id=post_id, removed=False).exists():
        raise NotFound(f"There is no post {post_id} here.")
    return Comment.objects.filter(post_id=post_id)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN} | {"createdAt": row["created_at"]}


def _json(body: Any) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)
