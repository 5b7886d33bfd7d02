from django.db import transaction
from django.utils import timezone

from contracts import PostCreated
from posts.models import Post
from svc_chassis.outbox.publish import publish


@transaction.atomic
def create_post(*, title: str, body: str, author: str) -> Post:
    post = Post.objects.create(title=title, body=body, author=author, created_at=timezone.now())
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
