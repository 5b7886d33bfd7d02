from typing import cast

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from comments.models import Comment
from contracts import CommentCreated, CommentUpdated
from contracts.comments import Status
from svc_chassis.idempotency.idempotent import forget_answers
from svc_chassis.outbox.publish import publish
from svc_chassis.outbox.versions import next_version
from svc_chassis.web.edit_tokens import edit_token, hash_of
from svc_chassis.web.ids import new_id


class UnknownComment(Exception):
    """This service has no such comment."""


@transaction.atomic
def create_comment(*, post_id: str, content: str, author: str) -> Comment:
    comment_id = new_id()
    comment = Comment.objects.create(
        id=comment_id,
        post_id=post_id,
        content=content,
        author=author,
        created_at=timezone.now(),
        edit_token_hash=hash_of(edit_token(comment_id)),
    )
    publish(
        CommentCreated(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            author=comment.author,
            status="pending",
            created_at=comment.created_at,
            version=comment.version,
        )
    )
    return comment


@transaction.atomic
def edit_comment(*, comment_id: str, content: str) -> Comment:
    """Replace its text, which waits for moderation again. What is the same already is no change.

    Raises Http404 for an unknown or removed comment.
    """
    comment = _locked(comment_id)
    if comment is None or comment.removed:
        raise Http404(f"There is no comment {comment_id} here.")
    if content != comment.content:
        comment.content, comment.status, comment.reason = content, "pending", None
        _publish_update(comment)
    return comment


@transaction.atomic
def remove_comment(
    *, comment_id: str, reason: str | None = None, moderator: str = "", moderation_version: int | None = None
) -> None:
    """Remove it for good, with its text and author. An unknown comment, or one that is removed, is as it should be."""
    comment = _locked(comment_id)
    if comment is not None and not comment.removed:
        comment.reason, comment.moderation_version = reason, moderation_version or comment.moderation_version
        _erase(comment, moderator)


@transaction.atomic
def erase_comment(*, comment_id: str) -> None:
    """Remove it for good. If it is removed already, publish that again: what was restored from a backup goes again."""
    comment = _locked(comment_id)
    if comment is not None:
        comment.reason = comment.reason if comment.removed else None
        _erase(comment)


def _erase(comment: Comment, moderator: str = "") -> None:
    comment.content = comment.author = comment.edit_token_hash = ""
    comment.status, comment.removed = "rejected", True
    forget_answers(comment.id)
    _publish_update(comment, moderator)


@transaction.atomic
def set_status(
    *,
    comment_id: str,
    content: str,
    status: Status,
    reason: str | None,
    moderator: str,
    moderation_version: int | None,
) -> None:
    """Apply a verdict on the text `content`: it is void if the comment has another one by now, or is removed.

    That a verdict was void is published too: where moderation has lost it, it must not use its version again. One
    without a version, of a foreign service, is ignored if it changes nothing. Raises UnknownComment.
    """
    comment = _locked(comment_id)
    if comment is None:
        raise UnknownComment(f"There is no comment {comment_id}: it was lost in a restore, or never existed here.")
    is_void = content != comment.content
    is_news = not is_void and (status, reason) != (comment.status, comment.reason)
    if comment.removed or not (is_news or moderation_version):
        return
    comment.moderation_version = moderation_version or comment.moderation_version
    if is_void:
        _publish_update(comment)
    else:
        comment.status, comment.reason = status, reason
        _publish_update(comment, moderator)


def _locked(comment_id: str) -> Comment | None:
    """The comment, locked until the transaction ends, so that each version is used once."""
    return Comment.objects.select_for_update().filter(id=comment_id).first()


def _publish_update(comment: Comment, moderator: str = "") -> None:
    """Save and publish it as its next version."""
    comment.version = next_version(comment.version)
    comment.save()
    publish(
        CommentUpdated(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            author=comment.author,
            status=cast(Status, comment.status),
            reason=comment.reason,
            moderator=moderator,
            moderation_version=comment.moderation_version,
            created_at=comment.created_at,
            removed=comment.removed,
            version=comment.version,
        ),
        tombstone=comment.removed,
    )
