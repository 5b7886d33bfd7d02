"""The outbox: events that this service published, until the bus has acknowledged them."""

from django.db import models


class OutboxEvent(models.Model):
    """An event this service published, written in the transaction of the change itself."""

    seq = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    body = models.BinaryField(help_text="The event's final bytes.")
    tombstone = models.BooleanField(default=False, db_default=False, help_text="The newest event of a removed subject.")
    log_id = models.CharField(max_length=64, default="", help_text="Of the log that acknowledged it; empty: none yet.")
    refusal = models.TextField(default="", help_text="Why the bus refused it for good; it parks its subject.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index("log_id", "seq", name="outbox_unsent"),
            models.Index("subject", name="outbox_subject"),
            models.Index("subject", name="outbox_parked", condition=~models.Q(refusal="")),
        ]


class VersionFloor(models.Model):
    """The one row that a restore leaves: up to here consumers may have applied versions that our rows don't know."""

    version = models.BigIntegerField()
