from django.db import transaction
from django.utils import timezone

from comments.models import Comment
from contracts import CommentCreated, CommentUpdated
from contracts.comments import Status
from svc_chassis.outbox.publish import publish
from svc_chassis.outbox.versions import next_version


class UnknownComment(Exception):
    """This service has no such comment."""


@transaction.atomic
def create_comment(*, post_id: str, content: str, author: str) -> Comment:
    comment = Comment.objects.create(post_id=post_id, content=content, author=author, created_at=timezone.now())
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
def set_status(
    *, comment_id: str, status: Status, reason: str | None, moderator: str, moderation_version: int | None
) -> None:
    """Apply a verdict. Raises UnknownComment. A verdict without a version, of a foreign service, is ignored if it
    changes nothing."""
    comment = _locked(comment_id)
    if moderation_version is None and (status, reason) == (comment.status, comment.reason):
        return
    comment.status, comment.reason = status, reason
    comment.version = next_version(comment.version)
    comment.save(update_fields=["status", "reason", "version"])
    publish(
        CommentUpdated(
            id=comment.id,
            post_id=comment.post_id,
            content=comment.content,
            author=comment.author,
            status=status,
            reason=reason,
            moderator=moderator,
            moderation_version=moderation_version,
            created_at=comment.created_at,
            version=comment.version,
        )
    )


def _locked(comment_id: str) -> Comment:
    """The comment, locked until the transaction ends, so that each version is used once."""
    try:
        return Comment.objects.select_for_update().get(id=comment_id)
    except Comment.DoesNotExist as error:
        raise UnknownComment(
            f"There is no comment {comment_id}: it was lost in a restore, or never existed here."
        ) from error
