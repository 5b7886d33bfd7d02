from django.db import transaction
from django.http import Http404
from django.utils import timezone

from contracts import PostCreated, PostUpdated
from posts.models import Post
from svc_chassis.idempotency.idempotent import forget_answers
from svc_chassis.outbox.publish import publish
from svc_chassis.outbox.versions import next_version
from svc_chassis.web.edit_tokens import edit_token, hash_of
from svc_chassis.web.ids import new_id


@transaction.atomic
def create_post(*, title: str, body: str, author: str) -> Post:
    post_id = new_id()
    post = Post.objects.create(
        id=post_id,
        title=title,
        body=body,
        author=author,
        created_at=timezone.now(),
        edit_token_hash=hash_of(edit_token(post_id)),
    )
    publish(
        PostCreated(
            id=post.id,
            title=post.title,
            body=post.body,
            author=post.author,
            created_at=post.created_at,
            version=post.version,
        )
    )
    return post


@transaction.atomic
def edit_post(*, post_id: str, title: str, body: str) -> Post:
    """Replace its text. What is the same already is no change. Raises Http404 for an unknown or removed post."""
    post = _locked(post_id)
    if post is None or post.removed:
        raise Http404(f"There is no post {post_id} here.")
    if (title, body) != (post.title, post.body):
        post.title, post.body = title, body
        _publish_update(post)
    return post


@transaction.atomic
def remove_post(*, post_id: str) -> None:
    """Remove it for good, with its text and author. An unknown post, or one that is removed, is as it should be."""
    post = _locked(post_id)
    if post is not None and not post.removed:
        _erase(post)


@transaction.atomic
def erase_post(*, post_id: str) -> None:
    """Remove it for good. If it is removed already, publish that again: what was restored from a backup goes again."""
    post = _locked(post_id)
    if post is not None:
        _erase(post)


def _erase(post: Post) -> None:
    post.title = post.body = post.author = post.edit_token_hash = ""
    post.removed = True
    forget_answers(post.id)
    _publish_update(post)


def _locked(post_id: str) -> Post | None:
    """The post, locked until the transaction ends, so that each version is used once."""
    return Post.objects.select_for_update().filter(id=post_id).first()


def _publish_update(post: Post) -> None:
    """Save and publish it as its next version."""
    post.version = next_version(post.version)
    post.save()
    publish(
        PostUpdated(
            id=post.id,
            title=post.title,
            body=post.body,
            author=post.author,
            status="removed" if post.removed else "published",
            created_at=post.created_at,
            version=post.version,
        ),
        tombstone=post.removed,
    )
