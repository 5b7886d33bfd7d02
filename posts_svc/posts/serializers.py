from rest_framework import serializers

from posts.models import Post
from svc_chassis.http.fields import Text


class NewPost(serializers.Serializer[Post]):
    title = Text(max_length=200)
    body = Text(max_length=20_000, allow_blank=True, default="")
    author = Text(max_length=80, allow_blank=True, default="")


class PostOut(serializers.ModelSerializer[Post]):
    createdAt = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Post
        fields = ("id", "title", "body", "author", "createdAt", "version")
        read_only_fields = fields
