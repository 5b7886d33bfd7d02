from django.db import models

from svc_chassis.web.edit_tokens import HASH
from svc_chassis.web.ids import LONGEST, new_id


class Post(models.Model):
    """A post. Of a removed one only the id, the times and the versions are left."""

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=LONGEST, unique=True, default=new_id)
    title = models.CharField(max_length=200)
    body = models.TextField()
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.BigIntegerField(default=1)
    edit_token_hash = models.CharField(max_length=HASH, default="", db_default="", help_text="Empty: nobody edits it.")
    removed = models.BooleanField(default=False, db_default=False)
