from django.db import models

from svc_chassis.web.ids import LONGEST


class RemovedPost(models.Model):
    """A post that moderators had removed."""

    id = models.CharField(max_length=LONGEST, primary_key=True)
    version = models.BigIntegerField(default=0, help_text="Counts the removals that were published.")


class JudgedComment(models.Model):
    """A comment and its verdict; `pending` waits for a moderator.

    A verdict that was recalled from comments has no `decided_at`. A removed comment has no text and no author.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=LONGEST, unique=True, help_text="The comment's, as its service names it.")
    post_id = models.CharField(max_length=LONGEST)
    content = models.TextField()
    author = models.TextField()
    created_at = models.DateTimeField(help_text="When the comment was written.")
    status = models.CharField(max_length=8)
    reason = models.TextField(null=True)
    rule = models.CharField(max_length=40, null=True, help_text="Which rule matched, whoever decided.")
    finding = models.TextField(null=True, help_text="What the rules said of it, whoever decided.")
    moderator = models.CharField(max_length=40, null=True, help_text="Who decided; null: nobody yet.")
    decided_at = models.DateTimeField(null=True)
    copy_id = models.UUIDField(null=True, help_text="Of the copy of the database in which it was decided.")
    version = models.BigIntegerField(default=0, help_text="Counts verdicts, and edits that wait for a person; 0: none.")
    removed = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index("status", "seq", name="moderation_queue")]
