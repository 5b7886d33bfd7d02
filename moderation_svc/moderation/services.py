from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from contracts import CommentModerated
from contracts.comments import Status
from moderation.models import JudgedComment
from moderation.rules import judge
from svc_chassis.events.publishing import publish

RULES, PERSON = "rules", "moderator"


@transaction.atomic
def judge_comment(*, comment_id: str, post_id: str, content: str, author: str, created_at: datetime) -> None:
    """By the rules; what they hold waits for a person and is not published. A known comment stays as judged."""
    if JudgedComment.objects.filter(id=comment_id).exists():
        return
    verdict = judge(content, settings.MODERATION_BANNED_WORDS)
    comment = JudgedComment(id=comment_id, post_id=post_id, content=content, author=author, created_at=created_at)
    comment.status, comment.rule = verdict.status, verdict.rule
    comment.reason = comment.finding = verdict.reason
    if verdict.status == "pending":
        comment.save()
    else:
        _decide(comment, verdict.status, RULES)


@transaction.atomic
def decide(*, comment_id: str, status: Status, reason: str | None) -> JudgedComment:
    """A person's word, which stands until a person says otherwise. Raises Http404 for an unknown comment."""
    comment = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    if comment is None:
        raise Http404(f"There is no comment {comment_id} here.")
    comment.reason = reason or None
    _decide(comment, status, PERSON)
    return comment


def _decide(comment: JudgedComment, status: Status, moderator: str) -> None:
    comment.status, comment.moderator, comment.decided_at = status, moderator, timezone.now()
    comment.version += 1
    comment.save()
    publish(
        CommentModerated(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            status=status,
            reason=comment.reason,
            moderator=moderator,
            version=comment.version,
        )
    )
