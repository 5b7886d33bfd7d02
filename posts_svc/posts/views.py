from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posts.models import Post
from posts.serializers import NewPost, PostOut, PostText, WrittenPost
from posts.services import create_post, edit_post, remove_post
from svc_chassis.idempotency.idempotent import idempotent
from svc_chassis.web.edit_tokens import EditToken, answers_edit_token, require_edit_token
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged


class PostsView(APIView):
    @extend_schema(request=NewPost, responses={201: WrittenPost})
    @answers_edit_token
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a post."""
        post = create_post(**body_of(NewPost, request.data))
        return Response(shown(PostOut, post), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=Page.PARAMETERS, responses=PostOut(many=True))
    def get(self, request: Request) -> Response:
        """The posts that this service stores, newest first."""
        return paged(request, Post.objects.filter(removed=False), PostOut)


class PostView(APIView):
    @extend_schema(responses=PostOut)
    def get(self, request: Request, post_id: str) -> Response:
        """A post."""
        return Response(shown(PostOut, get_object_or_404(Post, id=post_id, removed=False)))


class PostTextView(APIView):
    authentication_classes = [EditToken]

    @extend_schema(request=PostText, responses=PostOut)
    def put(self, request: Request, post_id: str) -> Response:
        """Replace the text of a post. Requires the author's `editToken`."""
        self._require_author(request, post_id)
        return Response(shown(PostOut, edit_post(post_id=post_id, **body_of(PostText, request.data))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: str) -> HttpResponse:
        """Remove a post for good. Requires the author's `editToken`."""
        self._require_author(request, post_id)
        remove_post(post_id=post_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _require_author(self, request: Request, post_id: str) -> None:
        require_edit_token(request, get_object_or_404(Post, id=post_id, removed=False).edit_token_hash)
