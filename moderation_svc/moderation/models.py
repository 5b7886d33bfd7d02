from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from moderation.reading import LONGEST_NAME, searchable
from svc_chassis.web.ids import LONGEST, new_id

UNREAD = ~Q(searched_version=F("version"))
"""Comments that a release before the search wrote, edited or removed: each edit and removal raises the version."""


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

    search = models.TextField(null=True, help_text="Text and author as the rules read them; null: not read yet.")
    author_key = models.CharField(max_length=LONGEST_NAME, null=True, help_text="The author as the rules read it.")
    searched_version = models.BigIntegerField(null=True, help_text="The version of which these two are.")

    _read: tuple[str, str] | None = None
    """the text and the author of which `search` is"""

    class Meta:
        indexes = [
            models.Index("status", "seq", name="moderation_queue"),
            models.Index("author_key", "seq", name="moderation_of_author"),
            models.Index("post_id", "seq", name="moderation_of_post"),
            models.Index("rule", "seq", name="moderation_of_rule"),
            models.Index("seq", name="moderation_unread", condition=UNREAD),
        ]

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        comment = super().from_db(db, field_names, values, **options)
        known = {"content", "author", "version", "searched_version"}.issubset(field_names)
        if known and comment.searched_version == comment.version:
            comment._read = comment.content, comment.author
        return comment

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With what a search looks through, so that this never says what the text no longer does."""
        if self._read != (self.content, self.author):
            self.search, self.author_key = searchable(self.content, self.author)
            self._read = self.content, self.author
        self.searched_version = self.version
        super().save(*args, **kwargs)


class Rule(models.Model):
    """A rule that a moderator added to those of the environment."""

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=LONGEST, unique=True, default=new_id)
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=100)
    normal = models.CharField(max_length=100, help_text="As the rules read it.")
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("kind", "normal", name="one_rule_for_each")]
