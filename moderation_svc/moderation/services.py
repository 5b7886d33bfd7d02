from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from contracts import CommentModerated, PostModerated
from contracts.comments import Status
from moderation.models import JudgedComment, RemovedPost
from moderation.rule_book import Rules
from moderation.rules import RULES
from svc_chassis.inbox.statements import present_copy
from svc_chassis.outbox.publish import is_buried, publish
from svc_chassis.outbox.versions import next_version


class DecidedMeanwhile(Exception):
    """Another decision was made since; nothing has changed."""

    def __init__(self, comment: JudgedComment) -> None:
        who = "The rules have" if comment.moderator == RULES else f"{comment.moderator} has"
        decided = comment.moderator and comment.status != "pending"
        what = f"{who} {comment.status} this comment" if decided else "This comment or its verdict has changed"
        super().__init__(f"{what} meanwhile. Look at it again.")
        self.comment = comment


class DecidedAlready(Exception):
    """This very decision was made, and its answer was lost; nothing has changed."""

    def __init__(self, comment: JudgedComment) -> None:
        super().__init__()
        self.comment = comment


@transaction.atomic
def judge_comment(
    *, comment_id: str, post_id: str, content: str, author: str, created_at: datetime, rules: Callable[[], Rules]
) -> None:
    """Apply the rules to a new comment. A pending verdict waits for a moderator and is not published."""
    if JudgedComment.objects.filter(id=comment_id).exists():
        return
    comment = _examined(rules(), comment_id, post_id, content, author, created_at)
    if comment.status == "pending":
        comment.save()
    else:
        _decide(comment, RULES)


@transaction.atomic
def judge_again(
    *,
    comment_id: str,
    post_id: str,
    content: str,
    author: str,
    created_at: datetime,
    version: int,
    rules: Callable[[], Rules],
) -> None:
    """Apply the rules to an edited comment, whatever was decided on its former text.

    `version` is that of the last verdict that comments has heard, 0 if none: if this database was lost or restored, the
    verdict on this text needs a higher one, also where a moderator has decided on it already.
    """
    known = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    if known is not None and known.removed:
        _publish_removal(known, version)
        return
    same = known if known is not None and known.content == content else None
    if same is not None and same.version > version:
        return
    if same is not None and _decided_here(same):
        comment = same
    else:
        comment = _examined(rules(), comment_id, post_id, content, author, created_at)
    if known is not None:
        comment.seq, version = known.seq, max(known.version, version)
    comment.version = version
    if comment.status == "pending":
        # Whoever decides on the former text must learn that there is another one.
        comment.version += 1
        comment.save()
    else:
        _decide(comment, comment.moderator or RULES)


@transaction.atomic
def forget(*, comment_id: str, post_id: str, created_at: datetime, version: int) -> None:
    """Comments has removed it: its text goes here too, and does not come back with a repeated event.

    The verdicts that were published have the text, so a tombstone follows them. `version` is that of the last one that
    comments has heard, 0 if none.
    """
    known = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    comment = known or JudgedComment(id=comment_id, post_id=post_id, created_at=created_at)
    if comment.removed and version <= comment.version and is_buried(comment_id):
        return
    if not comment.removed:
        comment.moderator = comment.copy_id = None  # no moderator removed it
        _without_text(comment)
    _publish_removal(comment, version)


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
    rules: Callable[[], Rules],
) -> None:
    """Learn the verdict that comments has applied. It is new only if this database was lost or restored.

    If a moderator decided since, before this verdict came back, comments took that decision for late: publish it again,
    with a higher version. A decision from a restored backup is older than this verdict and is replaced. The recalled
    verdict is published with its own version: consumers treat it as a duplicate, and the outbox is complete again.
    """
    known = JudgedComment.objects.select_for_update().filter(id=comment_id).first()
    comment = known or _examined(rules(), comment_id, post_id, content, author, created_at)
    if comment.removed:
        _publish_removal(comment, version)
        return
    if version < comment.version or (version, status, reason) == (comment.version, comment.status, comment.reason):
        return
    comment.version = version
    if _decided_here(comment) and comment.content == content:
        _decide(comment, comment.moderator or "")
    else:
        comment.content, comment.author = content, author
        comment.status, comment.reason, comment.moderator, comment.decided_at = status, reason, moderator[:40], None
        comment.copy_id = None
        _publish(comment)


@transaction.atomic
def decide(
    *, comment_id: str, status: Status, reason: str | None, moderator: str, version: int | None
) -> JudgedComment:
    """A moderator's decision, which stands until the next one. `version`: of the verdict that the moderator saw; None:
    replace any.

    Raises Http404 for an unknown comment, and, if its verdict has another version, DecidedAlready or DecidedMeanwhile.
    """
    comment = _locked(comment_id)
    decision = (status, reason or None, moderator)
    if version not in (None, comment.version):
        if (comment.status, comment.reason, comment.moderator) == decision:
            raise DecidedAlready(comment)
        raise DecidedMeanwhile(comment)
    comment.status, comment.reason, _ = decision
    _decide(comment, moderator)
    return comment


@transaction.atomic
def remove_comment(*, comment_id: str, reason: str | None, moderator: str) -> None:
    """A moderator removes a comment for good, with its text. Raises Http404 for an unknown or removed one."""
    comment = _without_text(_locked(comment_id))
    comment.reason = reason
    _decide(comment, moderator)


@transaction.atomic
def remove_post(*, post_id: str, reason: str | None, moderator: str) -> None:
    """A moderator removes a post for good. This service knows no posts, so any id is accepted."""
    RemovedPost.objects.get_or_create(id=post_id)
    post = RemovedPost.objects.select_for_update().get(id=post_id)
    post.version = next_version(post.version)
    post.save()
    publish(PostModerated(id=post_id, status="removed", reason=reason, moderator=moderator, version=post.version))


def _locked(comment_id: str) -> JudgedComment:
    """The comment, locked until the transaction ends. Raises Http404 for an unknown or removed one."""
    comment = JudgedComment.objects.select_for_update().filter(id=comment_id, removed=False).first()
    if comment is None:
        raise Http404(f"There is no comment {comment_id} here.")
    return comment


def _without_text(comment: JudgedComment) -> JudgedComment:
    """The comment, not yet saved, as a removed one."""
    comment.content = comment.author = ""
    comment.status, comment.reason, comment.rule, comment.finding = "rejected", None, None, None
    comment.removed = True
    return comment


def _publish_removal(comment: JudgedComment, version: int) -> None:
    """Publish that it is removed, above the version that comments goes by: a removal stands, also if comments was
    restored since or took it for late."""
    comment.version = max(comment.version, version) + 1
    _publish(comment)


def _decided_here(comment: JudgedComment) -> bool:
    """Whether a moderator decided, in this copy of the database."""
    return comment.moderator not in (None, RULES) and comment.copy_id == present_copy()


def _examined(
    rules: Rules, comment_id: str, post_id: str, content: str, author: str, created_at: datetime
) -> JudgedComment:
    """The comment, not yet saved, with the verdict of the rules."""
    verdict = rules.judge(content, author)
    comment = JudgedComment(id=comment_id, post_id=post_id, content=content, author=author, created_at=created_at)
    comment.status, comment.rule = verdict.status, verdict.rule
    comment.reason = comment.finding = verdict.reason
    return comment


def _decide(comment: JudgedComment, moderator: str) -> None:
    """Save and publish its status and reason as the next version."""
    comment.moderator, comment.decided_at, comment.copy_id = moderator, timezone.now(), present_copy()
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
            removed=comment.removed,
            version=comment.version,
        ),
        tombstone=comment.removed,
    )
