from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments.models import Comment
from comments.serializers import CommentOut, CommentText, NewComment, PublicComment, WrittenComment
from comments.services import create_comment, edit_comment, remove_comment
from svc_chassis.idempotency.idempotent import idempotent
from svc_chassis.web.edit_tokens import EditToken, answers_edit_token, require_edit_token
from svc_chassis.web.fields import body_of, shown
from svc_chassis.web.paging import Page, paged


class CommentsView(APIView):
    @extend_schema(request=NewComment, responses={201: WrittenComment})
    @answers_edit_token
    @idempotent
    def post(self, request: Request, post_id: str) -> Response:
        """Comment on a post. The comment is pending until moderation approves or rejects it."""
        comment = create_comment(post_id=post_id, **body_of(NewComment, request.data))
        return Response(shown(CommentOut, comment), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=Page.PARAMETERS, responses=PublicComment(many=True))
    def get(self, request: Request, post_id: str) -> Response:
        """The comments on a post, newest first. `content` and `author` are null unless approved."""
        return paged(request, Comment.objects.filter(post_id=post_id, removed=False), PublicComment)


class CommentView(APIView):
    authentication_classes = [EditToken]

    @extend_schema(request=CommentText, responses=CommentOut)
    def put(self, request: Request, post_id: str, comment_id: str) -> Response:
        """Replace the text of a comment, which is then pending again. Requires the author's `editToken`."""
        self._require_author(request, post_id, comment_id)
        comment = edit_comment(comment_id=comment_id, **body_of(CommentText, request.data))
        return Response(shown(CommentOut, comment))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: str, comment_id: str) -> HttpResponse:
        """Remove a comment for good. Requires the author's `editToken`."""
        self._require_author(request, post_id, comment_id)
        remove_comment(comment_id=comment_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _require_author(self, request: Request, post_id: str, comment_id: str) -> None:
        comment = get_object_or_404(Comment, id=comment_id, post_id=post_id, removed=False)
        require_edit_token(request, comment.edit_token_hash)
