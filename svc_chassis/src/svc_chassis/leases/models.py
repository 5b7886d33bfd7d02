"""Leases: jobs that only one process may do at a time."""

from django.db import models


class Lease(models.Model):
    """Who does a job that only one process may do at a time. An epoch of its own tells each holder from the last."""

    name = models.CharField(max_length=255, primary_key=True)
    holder = models.CharField(max_length=255)
    epoch = models.BigIntegerField()
    expires = models.FloatField(help_text="Unix time, seconds.")
