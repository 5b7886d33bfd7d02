from typing import get_args

from rest_framework import serializers

from contracts.comments import Status
from moderation.models import JudgedComment
from svc_chassis.web.fields import Text, Whole
from svc_chassis.web.numbers import MOST

STATUSES = get_args(Status)
DECISIONS = ("approved", "rejected")


class Queue(serializers.Serializer[None]):
    """Selects comments."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)


class Decision(serializers.Serializer[JudgedComment]):
    status = serializers.ChoiceField(choices=DECISIONS)
    reason = Text(max_length=500, allow_null=True, allow_blank=True, default=None)
    version = Whole(
        min_value=0,
        max_value=MOST,
        allow_null=True,
        default=None,
        help_text="Of the verdict that you saw: if there is another one by now, the answer is 409, with that one.",
    )


class JudgedCommentOut(serializers.ModelSerializer[JudgedComment]):
    postId = serializers.CharField(source="post_id")
    status = serializers.ChoiceField(choices=STATUSES)
    createdAt = serializers.DateTimeField(source="created_at")
    decidedAt = serializers.DateTimeField(source="decided_at", allow_null=True)

    class Meta:
        model = JudgedComment
        fields = (
            "id",
            "postId",
            "content",
            "author",
            "createdAt",
            "status",
            "reason",
            "rule",
            "finding",
            "moderator",
            "decidedAt",
            "version",
        )
        read_only_fields = fields


class CountsOut(serializers.Serializer[dict[str, int]]):
    """The number of comments of each status."""

    pending = serializers.IntegerField()
    approved = serializers.IntegerField()
    rejected = serializers.IntegerField()
