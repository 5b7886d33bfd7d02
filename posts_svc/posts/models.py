import uuid

from django.db import models


class Post(models.Model):
    """A post as its author wrote it. Posts never change."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4)
    title = models.CharField(max_length=200)
    body = models.TextField()
    author = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.BigIntegerField(default=1)
