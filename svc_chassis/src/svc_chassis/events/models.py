"""The tables of exactly-once: what this service published, what it has applied, and what it answered."""

import uuid

from django.db import models


class OutboxEvent(models.Model):
    """An event this service published, written in the transaction of the change itself."""

    seq = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    body = models.BinaryField(help_text="The event's final bytes.")
    log_id = models.CharField(max_length=64, default="", help_text="Of the log that acknowledged it; empty: none yet.")
    refusal = models.TextField(default="", help_text="Why the bus refused it for good; it parks its subject.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index("log_id", "seq", name="outbox_unsent"),
            models.Index("subject", name="outbox_parked", condition=~models.Q(refusal="")),
        ]


class InboxEvent(models.Model):
    """An event this service has applied, noted in the transaction of its effect."""

    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    version = models.BigIntegerField(null=True, help_text="Of the subject, as its publisher counts.")
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "event_id", name="inbox_applied_once")]
        indexes = [models.Index("source", "subject", "version", name="inbox_version")]


class Inbox(models.Model):
    """The one row that names this inbox; whoever applies a batch holds it, so one batch is applied at a time."""

    inbox_id = models.UUIDField(default=uuid.uuid4)

    @classmethod
    def hold(cls) -> "Inbox":
        """The row, locked until the transaction ends; made on first use."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]

    @classmethod
    def renew(cls) -> None:
        """Forget every event that was applied, in the transaction that undoes their effects; all of them come again.

        The new inbox_id tells the bus so, with the next heartbeat, however long that takes.
        """
        inbox = cls.hold()
        InboxEvent.objects.all().delete()
        inbox.inbox_id = uuid.uuid4()
        inbox.save()


class IdempotencyRecord(models.Model):
    """What a write that its sender named was answered, noted in the transaction of the write."""

    key = models.CharField(max_length=255, primary_key=True)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the path and the body.")
    status = models.PositiveSmallIntegerField(default=0, help_text="HTTP.")
    body = models.BinaryField(default=b"", help_text="The answer's bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("created_at", name="idempotency_age")]


class Lease(models.Model):
    """Who does a job that only one process may do at a time. An epoch of its own tells each holder from the last."""

    name = models.CharField(max_length=255, primary_key=True)
    holder = models.CharField(max_length=255)
    epoch = models.BigIntegerField()
    expires = models.FloatField(help_text="Unix time, seconds.")
