"""The shape of the JSON that projections render. It is only used for the OpenAPI schema."""

from typing import get_args

from rest_framework import serializers

from contracts.comments import Status


class CommentOut(serializers.Serializer[None]):
    id = serializers.CharField()
    content = serializers.CharField(allow_null=True, help_text="Null unless approved.")
    author = serializers.CharField(allow_null=True, help_text="Null unless approved.")
    status = serializers.ChoiceField(choices=get_args(Status))
    reason = serializers.CharField(allow_null=True, help_text="Why it was rejected.")
    createdAt = serializers.DateTimeField()


class PostOut(serializers.Serializer[None]):
    id = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    author = serializers.CharField()
    createdAt = serializers.DateTimeField()
    commentCount = serializers.IntegerField(help_text="All comments, of every status.")
    comments = CommentOut(many=True, help_text="The newest 50, oldest first.")
