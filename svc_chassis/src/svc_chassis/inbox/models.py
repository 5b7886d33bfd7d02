"""The inbox: events that this service has applied, and the id that names the inbox at the bus."""

import uuid

from django.db import models


class InboxEvent(models.Model):
    """An event that this service has applied, written in the transaction of its effect."""

    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    version = models.BigIntegerField(null=True, help_text="Of the subject, as its publisher counts.")
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "event_id", name="inbox_applied_once")]
        indexes = [models.Index("source", "subject", "version", name="inbox_version")]


class UnhandledType(models.Model):
    """A type whose events arrived without a handler, and had no effect."""

    type = models.CharField(max_length=255, unique=True)
    since = models.DateTimeField(auto_now_add=True)


class Inbox(models.Model):
    """The one row that names this inbox. It is locked while a batch is applied, so one batch is applied at a time."""

    inbox_id = models.UUIDField(default=uuid.uuid4)
    copy_id = models.UUIDField(default=uuid.uuid4, help_text="Names this copy of the database: a restore renews it.")

    @classmethod
    def hold(cls) -> "Inbox":
        """The row, locked until the transaction ends; created on first use."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]

    @classmethod
    def present_id(cls) -> uuid.UUID:
        """The present inbox id: a new one after a rebuild, after a restore, and when a missing handler is back."""
        return (cls.objects.filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]).inbox_id

    @classmethod
    def renew(cls) -> None:
        """Delete all rows, in the transaction that undoes the effects; all events are delivered again."""
        cls.deliver_again()  # locks the inbox: no batch is being applied
        InboxEvent.objects.all().delete()

    @classmethod
    def restored(cls) -> None:
        """The database is an earlier copy: events since then come again; those that the copy has are duplicates."""
        cls.deliver_again()
        cls.objects.update(copy_id=uuid.uuid4())

    @classmethod
    def deliver_again(cls) -> None:
        """Give the inbox a new id: with the next heartbeat, it makes the bus deliver the whole history again."""
        inbox = cls.hold()
        inbox.inbox_id = uuid.uuid4()
        inbox.save()
