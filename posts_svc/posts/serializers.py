import orjson
from rest_framework import serializers

from posts.models import Post
from svc_chassis.web.edit_tokens import EditTokenOut
from svc_chassis.web.fields import Prose, Text

BODY_BYTES = 62_000
"""as JSON: even with the longest title and author, the event has less than 64 KiB"""


class PostText(serializers.Serializer[Post]):
    title = Text(max_length=200)
    body = Prose(max_length=20_000, allow_blank=True, default="")

    def validate_body(self, body: str) -> str:
        if len(orjson.dumps(body)) > BODY_BYTES:
            raise serializers.ValidationError(f"Ensure this field has no more than {BODY_BYTES} bytes as JSON.")
        return body


class NewPost(PostText):
    author = Text(max_length=80, allow_blank=True, default="")


class PostOut(serializers.ModelSerializer[Post]):
    createdAt = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Post
        fields = ("id", "title", "body", "author", "createdAt", "version")
        read_only_fields = fields


class WrittenPost(PostOut, EditTokenOut):
    """A post for its author."""

    class Meta(PostOut.Meta):
        fields = (*PostOut.Meta.fields, "editToken")  # type: ignore[assignment]
