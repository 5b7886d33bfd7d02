from django.db import models

from svc_chassis.web.ids import LONGEST


class Post(models.Model):
    """A post, rendered with its newest comments. Of a removed one only the id, the time and the revision are left."""

    id = models.CharField(max_length=LONGEST, primary_key=True)
    title = models.TextField()
    body = models.TextField()
    author = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, help_text="When its text last changed; null: never that is known of.")
    rendered = models.BinaryField(help_text="Its whole JSON, rendered when it or a comment changed.")
    revision = models.BigIntegerField(default=0, help_text="Rises, over all posts, with each rendering.")
    removed = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index("created_at", "id", name="query_newest_posts"),
            models.Index("revision", name="query_changed_posts"),
        ]


class Comment(models.Model):
    """The last known state of a comment. No foreign key: its post may arrive later, or never.

    A removed comment belongs to no post: its `post_id` is empty.
    """

    id = models.CharField(max_length=LONGEST, primary_key=True)
    post_id = models.CharField(max_length=LONGEST)
    content = models.TextField(null=True, help_text="Kept only while approved; an approval brings it along.")
    author = models.TextField(null=True, help_text="Kept only while approved, as the text is.")
    status = models.CharField(max_length=8)
    reason = models.TextField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("post_id", "created_at", "id", name="query_newest_comments")]
