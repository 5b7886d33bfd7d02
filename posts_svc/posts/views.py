from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posts.models import Post
from posts.serializers import NewPost, PostOut
from posts.services import create_post
from svc_chassis.idempotency.idempotent import idempotent
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged


class PostsView(APIView):
    @extend_schema(request=NewPost, responses={201: PostOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a post."""
        post = create_post(**body_of(NewPost, request.data))
        return Response(shown(PostOut, post), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=Page.PARAMETERS, responses=PostOut(many=True))
    def get(self, request: Request) -> Response:
        """The posts that this service stores, newest first."""
        return paged(request, Post.objects.all(), PostOut)


class PostView(APIView):
    @extend_schema(responses=PostOut)
    def get(self, request: Request, post_id: str) -> Response:
        """A post."""
        return Response(shown(PostOut, get_object_or_404(Post, id=post_id)))
