"""The rules of the environment, which always hold, and those that moderators add to them."""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404

from moderation.models import UNREAD, JudgedComment, Rule
from moderation.rules import ALLOWED_SITE, BANNED_WORD, Verdict, judge, reading_of

MOST = 500
"""rules of one kind"""
EXAMINED, EXAMPLES = 500, 5
"""comments that a preview looks at, and those that it shows"""


class Refused(Exception):
    """This rule cannot be added; why stands in the message."""


@dataclass(frozen=True)
class Rules:
    banned_words: list[str]
    allowed_sites: list[str]

    @classmethod
    def present(cls) -> "Rules":
        """Read from the rows each time, so that every process goes by the same ones."""
        added: dict[str, list[str]] = {BANNED_WORD: [], ALLOWED_SITE: []}
        # A later release may have added other kinds before it was rolled back.
        for kind, text in Rule.objects.filter(kind__in=added).order_by("seq").values_list("kind", "text"):
            added[kind].append(text)
        return cls([*settings.MODERATION_BANNED_WORDS, *added[BANNED_WORD]], added[ALLOWED_SITE])

    def with_rule(self, kind: str, text: str) -> "Rules":
        if kind == BANNED_WORD:
            return Rules([*self.banned_words, text], self.allowed_sites)
        return Rules(self.banned_words, [*self.allowed_sites, text])

    def judge(self, content: str, author: str) -> Verdict:
        return judge(content, author, self.banned_words, self.allowed_sites)


@dataclass(frozen=True)
class Preview:
    """The comments about which the rules would have said something else."""

    examined: int
    caught: int
    examples: list[JudgedComment]


def preview(*, kind: str, text: str, normal: str) -> Preview:
    """What this rule would have changed among the last comments. Raises Refused as `add_rule` does."""
    _check_new(kind, text, normal)
    now = Rules.present()
    then = now.with_rule(kind, text)
    last = JudgedComment.objects.filter(removed=False).order_by("-seq")[:EXAMINED]
    # Judging is slow, and neither a word nor a site changes what is said of a text that has none of it.
    having = JudgedComment.objects.filter(UNREAD | Q(search__contains=normal), seq__in=last.values("seq"))
    caught = [
        each
        for each in having.order_by("-seq")
        if now.judge(each.content, each.author).status != then.judge(each.content, each.author).status
    ]
    return Preview(last.count(), len(caught), caught[:EXAMPLES])


@transaction.atomic
def add_rule(*, kind: str, text: str, normal: str, moderator: str) -> Rule:
    """It applies to comments judged from now on. Raises Refused for a rule that is there, and for one too many."""
    _check_new(kind, text, normal)
    try:
        with transaction.atomic():
            return Rule.objects.create(kind=kind, text=text, normal=normal, added_by=moderator)
    except IntegrityError:
        _check_new(kind, text, normal)  # somebody else has just added it, or it is a bug
        raise


@transaction.atomic
def remove_rule(*, rule_id: str) -> Rule:
    """Raises Http404 for an unknown one."""
    rule = Rule.objects.select_for_update().filter(id=rule_id).first()
    if rule is None:
        raise Http404(f"There is no rule {rule_id} here.")
    Rule.objects.filter(seq=rule.seq).delete()
    return rule


def _check_new(kind: str, text: str, normal: str) -> None:
    if kind == BANNED_WORD and normal in map(reading_of, settings.MODERATION_BANNED_WORDS):
        raise Refused(f"“{text}” is banned already, by MODERATION_BANNED_WORDS.")
    there = Rule.objects.filter(kind=kind, normal=normal).first()
    if there:
        said = "banned" if kind == BANNED_WORD else "allowed"
        raise Refused(f"“{there.text}” is {said} already, by {there.added_by}.")
    if Rule.objects.filter(kind=kind).count() >= MOST:
        raise Refused(f"There are {MOST} rules of this kind, the most that there can be. Remove one first.")
