from django.db import models


class Entry(models.Model):
    """One effect. Nothing is unique, so that what happens twice shows twice."""

    subject = models.CharField(max_length=255)
    text = models.TextField()
