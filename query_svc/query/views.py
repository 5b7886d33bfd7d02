from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from query.answers import answer
from query.changes import POSTS
from query.models import Post
from query.newest import newest_first
from query.serializers import PostOut
from svc_chassis.sse import view as sse
from svc_chassis.web.paging import Page


class PostsView(APIView):
    @extend_schema(parameters=Page.PARAMETERS, responses=PostOut(many=True))
    def get(self, request: Request) -> HttpResponseBase:
        """Posts, newest first, each with its newest comments. 304 if unchanged."""
        page = Page.of(request)
        posts = newest_first(Post.objects.filter(removed=False), page.before, Post.objects.all())
        found = list(posts.values_list("id", "rendered")[: page.limit + 1])
        shown, more = found[: page.limit], len(found) > page.limit
        body = b"[" + b",".join(rendered for _, rendered in shown) + b"]"
        return answer(request, body, link=page.next_link(request, shown[-1][0]) if more else "")


class PostView(APIView):
    @extend_schema(responses=PostOut)
    def get(self, request: Request, post_id: str) -> HttpResponseBase:
        """A post with its newest comments. 304 if unchanged."""
        rendered = Post.objects.filter(id=post_id, removed=False).values_list("rendered", flat=True).first()
        if rendered is None:
            raise NotFound(f"There is no post {post_id} here.")
        return answer(request, bytes(rendered))


class PostsStreamView(sse.StreamView):
    source = POSTS

    @extend_schema(parameters=sse.PARAMETERS, responses=sse.RESPONSES)
    def get(self, request: Request) -> HttpResponseBase:
        """Sends `post` with `{"id"}` after each change of a post, and `reset` if any post may have changed."""
        return self.stream(request)
