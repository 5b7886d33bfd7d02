from django.db import models

from svc_chassis.web.edit_tokens import HASH
from svc_chassis.web.ids import LONGEST, new_id


class Comment(models.Model):
    """A comment and its moderation status. This service knows no posts, so any post id is accepted.

    Of a removed comment the text and the author are gone.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=LONGEST, unique=True, default=new_id)
    post_id = models.CharField(max_length=LONGEST)
    content = models.TextField()
    author = models.CharField(max_length=80)
    status = models.CharField(max_length=8, default="pending")
    reason = models.TextField(null=True)
    created_at = models.DateTimeField()
    version = models.BigIntegerField(default=1)
    moderation_version = models.BigIntegerField(null=True, help_text="Of the last verdict heard, void or not.")
    edit_token_hash = models.CharField(max_length=HASH, default="", db_default="", help_text="Empty: nobody edits it.")
    removed = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index("post_id", "seq", name="comments_of_post")]

    @property
    def public_content(self) -> str | None:
        """The text that everybody may read: None unless approved."""
        return self.content if self.status == "approved" else None

    @property
    def public_author(self) -> str | None:
        return self.author if self.status == "approved" else None
