from typing import get_args

from rest_framework import serializers

from comments.models import Comment
from contracts.comments import Status
from svc_chassis.web.edit_tokens import EditTokenOut
from svc_chassis.web.fields import Prose, Text


class CommentText(serializers.Serializer[Comment]):
    content = Prose(max_length=2000)


class NewComment(CommentText):
    author = Text(max_length=80, allow_blank=True, default="")


class CommentOut(serializers.ModelSerializer[Comment]):
    """A comment for its author."""

    postId = serializers.CharField(source="post_id")
    status = serializers.ChoiceField(choices=get_args(Status))
    createdAt = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Comment
        fields = ("id", "postId", "content", "author", "status", "reason", "createdAt", "version")
        read_only_fields = fields


class WrittenComment(CommentOut, EditTokenOut):
    class Meta(CommentOut.Meta):
        fields = (*CommentOut.Meta.fields, "editToken")  # type: ignore[assignment]


class PublicComment(CommentOut):
    """A comment for everybody: without text and author unless approved."""

    content = serializers.CharField(source="public_content", allow_null=True, read_only=True)
    author = serializers.CharField(source="public_author", allow_null=True, read_only=True)
