"""Leases: jobs that only one process may do at a time."""

from django.db import models


class Lease(models.Model):
    """Who does a job that only one process may do at a time. An epoch of its own tells each holder from the last.

    No time stands in it: the holder counts beats while it lives, and whoever waits measures by its own steady clock for
    how long none came. So neither a clock that jumps nor clocks that differ matter.
    """

    name = models.CharField(max_length=255, primary_key=True)
    holder = models.CharField(max_length=255, help_text="Empty: it was released.")
    epoch = models.BigIntegerField()
    beat = models.BigIntegerField(default=0, help_text="Rises while its holder lives.")
