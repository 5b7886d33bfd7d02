from typing import Any, get_args

from rest_framework import serializers

from contracts.comments import Status
from moderation.models import JudgedComment
from moderation.reading import LONGEST_NAME, plain
from moderation.rules import BANNED_WORD, LINK
from svc_chassis.web.fields import Text, Whole
from svc_chassis.web.ids import LONGEST, is_id
from svc_chassis.web.numbers import MOST
from svc_chassis.web.paging import MOST as LONGEST_PAGE

STATUSES = get_args(Status)
DECISIONS = ("approved", "rejected")
ORDERS = ("newest", "oldest")
OUTCOMES = ("decided", "meanwhile", "unknown")


class Read(Text):
    """A text that the rules can read something in."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not plain(text):
            self.fail("blank")
        return text


class Id(Text):
    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not is_id(text):
            raise serializers.ValidationError("No such id here.")
        return text


class Selection(serializers.Serializer[None]):
    """Selects comments."""

    q = Read(
        max_length=200, required=False, help_text="What the text or the author's name contains, as the rules read."
    )
    author = Read(max_length=LONGEST_NAME, required=False, help_text="The author's name, in any spelling.")
    post = Id(max_length=LONGEST, required=False, help_text="The post's id.")
    rule = serializers.ChoiceField(choices=(BANNED_WORD, LINK), required=False, help_text="Which rule matched.")


class Queue(Selection):
    """Selects and orders comments."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    order = serializers.ChoiceField(choices=ORDERS, default="newest", help_text="Which come first.")


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


class OneDecision(Decision):
    id = Id(max_length=LONGEST, help_text="The comment's.")


class Decisions(serializers.Serializer[None]):
    """On several comments, at most a page of them."""

    decisions = serializers.ListField(child=OneDecision(), min_length=1, max_length=LONGEST_PAGE)

    def validate_decisions(self, decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({each["id"] for each in decisions}) < len(decisions):
            raise serializers.ValidationError("Decide on each comment once.")
        return decisions


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


class OutcomeOut(serializers.Serializer[Any]):
    """What came of one decision."""

    id = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    detail = serializers.CharField(allow_null=True, help_text="Why nothing has changed.")
    comment = JudgedCommentOut(allow_null=True, help_text="As it is now; null: unknown.")


class OutcomesOut(serializers.Serializer[Any]):
    results = OutcomeOut(many=True)
