from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from contracts import CommentModerated
from contracts.comments import Status
from moderation.models import JudgedComment
from moderation.rules import judge
from svc_chassis.inbox.models import Inbox
from svc_chassis.outbox.publish import publish

RULES, PERSON = "rules", "moderator"


@transaction.atomic
def judge_comment(*, comment_id: str, post_id: str, content: str, author: str, created_at: datetime) -> None:
    """By the rules; what they hold waits for a person and is not published. A known comment stays as judged."""
    if JudgedComment.objects.filter(id=comment_id).exists():
        return
    comment = _examined(comment_id, post_id, content, author, created_at)
    if comment.status == "pending":
        comment.save()
    else:
        _decide(comment, RULES)


@transaction.atomic
def recall(
    *,
    comment_id: str,
    post_id: str,
    content: str,
    author: str,
    created_at: datetime,
    status: Status,
    reason: str | None,
    moderator: str,
    version: int,
) -> None:
    """The verdict that comments goes by: no news, unless our database was lost or restored and this is the way back.

    Where a person decided anew since and before this came back, comments took that for late: it is told again, and
    counts. A decision that came with a restored backup is older than this one, and gives way. What is learned so is
    published at the version it has: nobody takes it for news, and our outbox is the history of our verdicts again.
    """
    known = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    comment = known or _examined(comment_id, post_id, content, author, created_at)
    if version < comment.version or (version, status, reason) == (comment.version, comment.status, comment.reason):
        return
    comment.version = version
    if comment.moderator == PERSON and comment.copy_id == Inbox.present_copy():
        _decide(comment, PERSON)
    else:
        comment.status, comment.reason, comment.moderator, comment.decided_at = status, reason, moderator[:40], None
        comment.copy_id = None
        _publish(comment)


@transaction.atomic
def decide(*, comment_id: str, status: Status, reason: str | None) -> JudgedComment:
    """A person's word, which stands until a person says otherwise. Raises Http404 for an unknown comment."""
    comment = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    if comment is None:
        raise Http404(f"There is no comment {comment_id} here.")
    comment.status, comment.reason = status, reason or None
    _decide(comment, PERSON)
    return comment


def _examined(comment_id: str, post_id: str, content: str, author: str, created_at: datetime) -> JudgedComment:
    """The comment, not saved, with what the rules say of it."""
    verdict = judge(content, author, settings.MODERATION_BANNED_WORDS)
    comment = JudgedComment(id=comment_id, post_id=post_id, content=content, author=author, created_at=created_at)
    comment.status, comment.rule = verdict.status, verdict.rule
    comment.reason = comment.finding = verdict.reason
    return comment


def _decide(comment: JudgedComment, moderator: str) -> None:
    """Save and publish its status and reason as the next version."""
    comment.moderator, comment.decided_at, comment.copy_id = moderator, timezone.now(), Inbox.present_copy()
    comment.version += 1
    _publish(comment)


def _publish(comment: JudgedComment) -> None:
    comment.save()
    publish(
        CommentModerated(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            status=cast(Status, comment.status),
            reason=comment.reason,
            moderator=comment.moderator or "",
            version=comment.version,
        )
    )
