from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments.models import Comment
from comments.serializers import CommentOut, NewComment, PublicComment
from comments.services import create_comment
from svc_chassis.idempotency.idempotent import idempotent
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged


class CommentsView(APIView):
    @extend_schema(request=NewComment, responses={201: CommentOut})
    @idempotent
    def post(self, request: Request, post_id: str) -> Response:
        """Comment on a post. The comment is pending until moderation approves or rejects it."""
        comment = create_comment(post_id=post_id, **body_of(NewComment, request.data))
        return Response(shown(CommentOut, comment), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=Page.PARAMETERS, responses=PublicComment(many=True))
    def get(self, request: Request, post_id: str) -> Response:
        """The comments on a post, newest first. `content` and `author` are null unless approved."""
        return paged(request, Comment.objects.filter(post_id=post_id), PublicComment)
