import re
from typing import Any, ClassVar

from rest_framework import serializers

from moderation.models import Rule
from moderation.rules import ALLOWED_SITE, BANNED_WORD, reading_of
from moderation.serializers import JudgedCommentOut, Read

KINDS = (BANNED_WORD, ALLOWED_SITE)
LONGEST = 100
"""characters, also as the rules read them"""
SITE = re.compile(r"(?=.{4,100}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)


class RuleIn(serializers.Serializer[Rule]):
    kind = serializers.ChoiceField(choices=KINDS)
    text = Read(max_length=LONGEST, help_text="The word, also within other words; or the site, such as example.org.")

    def validate(self, rule: dict[str, Any]) -> dict[str, Any]:
        """With `normal`, by which the same rule is known again."""
        if rule["kind"] == ALLOWED_SITE:
            rule["text"] = rule["text"].lower().removeprefix("www.")
            if not SITE.fullmatch(rule["text"]):
                raise serializers.ValidationError(
                    {"text": "Write the name of a site and nothing else, such as example.org."}
                )
        normal = rule["text"] if rule["kind"] == ALLOWED_SITE else reading_of(rule["text"])
        if len(normal) > LONGEST:
            raise serializers.ValidationError({"text": f"It has more than {LONGEST} characters as the rules read it."})
        return rule | {"normal": normal}


class RuleOut(serializers.ModelSerializer[Rule]):
    kind = serializers.ChoiceField(choices=KINDS)
    addedBy = serializers.CharField(source="added_by")
    addedAt = serializers.DateTimeField(source="added_at")

    class Meta:
        model = Rule
        fields: ClassVar = ("id", "kind", "text", "addedBy", "addedAt")
        read_only_fields = fields


class RulesOut(serializers.Serializer[Any]):
    environment = serializers.ListField(
        child=serializers.CharField(), help_text="The words of MODERATION_BANNED_WORDS, which are always banned."
    )
    added = RuleOut(many=True, help_text="Those that moderators added, newest first.")


class PreviewOut(serializers.Serializer[Any]):
    examined = serializers.IntegerField(help_text="The number of last comments that were looked at.")
    caught = serializers.IntegerField(help_text="Of those, the number that the rules would have judged differently.")
    examples = JudgedCommentOut(many=True, help_text="The newest of them.")
