"""Idempotency records: how a write that its sender named was answered."""

from django.db import models


class IdempotencyRecord(models.Model):
    """What a write that its sender named was answered, noted in the transaction of the write."""

    key = models.CharField(max_length=255, primary_key=True)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the path and the body.")
    status = models.PositiveSmallIntegerField(default=0, help_text="HTTP.")
    body = models.BinaryField(default=b"", help_text="The answer's bytes.")
    subject = models.CharField(max_length=255, default="", db_default="", help_text="The `id` that was answered.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index("created_at", name="idempotency_age"),
            models.Index("subject", name="idempotency_subject"),
        ]
