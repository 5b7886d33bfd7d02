"""The tables of the bus: subscriptions, lanes, parked events and decisions, the stored log, and its index."""

from typing import Any

from django.db import models


class Subscription(models.Model):
    """Which events a service gets, and where."""

    class Format(models.TextChoices):
        BATCH = "batch"
        SINGLE = "single"

    class CatchUp(models.TextChoices):
        BUS = "bus", "The bus delivers what it missed."
        SELF = "self", "It reads the history when it starts."

    name = models.CharField(max_length=64, primary_key=True)
    url = models.CharField(max_length=2000)
    types = models.JSONField(default=list)
    batch_size = models.PositiveIntegerField()
    format = models.CharField(max_length=8, choices=Format)
    catch_up = models.CharField(max_length=4, choices=CatchUp, default=CatchUp.BUS)
    inbox_id = models.CharField(max_length=36, default="", help_text="Of the inbox that received this history.")
    paused = models.BooleanField(default=False)
    heard_at = models.FloatField(
        null=True, help_text="Time of its last heartbeat or answered delivery. Unix time, seconds."
    )
    unsent = models.PositiveIntegerField(
        null=True, help_text="Events in its outbox at its last heartbeat; null: it does not say."
    )
    unsent_at = models.FloatField(null=True, help_text="Time of that heartbeat. Unix time, seconds.")
    created_at = models.DateTimeField(auto_now_add=True)

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "types": self.types,
            "batchSize": self.batch_size,
            "format": self.format,
            "catchUp": self.catch_up,
            "inboxId": self.inbox_id or None,
        }


class Lane(models.Model):
    """One (subscription, partition): its cursor, and the state of its last delivery.

    Taking the lane over and rewinding it raise the epoch; a commit with an old epoch is refused.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="lanes")
    partition = models.PositiveIntegerField()
    log_id = models.CharField(max_length=64, default="")
    cursor = models.BigIntegerField(default=0, help_text="The offset up to which everything is settled or parked.")
    epoch = models.BigIntegerField(default=0)
    tenure = models.BigIntegerField(default=0, help_text="The lease's epoch under which it was last taken over.")
    attempts = models.PositiveIntegerField(default=0, help_text="Failed attempts in a row.")
    last_error = models.TextField(default="")
    failing_since = models.FloatField(null=True, help_text="Unix time, seconds.")
    next_try = models.FloatField(null=True, help_text="Unix time, seconds.")
    suspect_through = models.BigIntegerField(
        null=True, help_text="The offset of the last event of a delivery without a response."
    )
    suspect_most = models.PositiveIntegerField(null=True, help_text="How many events a delivery may have up to there.")
    renewals = models.PositiveIntegerField(default=0, help_text="New histories for this lane since it last caught up.")
    renewed_at = models.FloatField(null=True, help_text="When the last one began. Unix time, seconds.")

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "partition", name="one_lane_per_partition")]


class HistoryRead(models.Model):
    """How far a subscriber that catches up by itself last read the history with `GET /events`."""

    reader = models.CharField(max_length=64, help_text="A subscription; empty for an unsigned reader that named none.")
    partition = models.PositiveIntegerField()
    log_id = models.CharField(max_length=64)
    through = models.BigIntegerField(help_text="The offset of the last event that was read.")

    class Meta:
        constraints = [models.UniqueConstraint("reader", "partition", name="newest_read")]


class Parked(models.Model):
    """An event of a parked subject: the one that failed, or one behind it."""

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="parked")
    offset = models.BigIntegerField()
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    body = models.BinaryField()
    attempts = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0, help_text="Deliveries in a row without a response.")
    error = models.TextField(default="")
    at = models.TextField(default="", db_default="", help_text="Where in the subscriber's code, if it said so.")
    since = models.FloatField(help_text="Unix time, seconds.")
    next_try = models.FloatField(default=0, help_text="Unix time, seconds.")
    dead = models.BooleanField(default=False, help_text="A dead letter: only an operator retries it.")

    class Meta:
        constraints = [models.UniqueConstraint("lane", "offset", name="parked_once")]
        indexes = [
            models.Index("lane", "subject", "offset", name="parked_subject"),
            models.Index("lane", "offset", name="parked_to_retry", condition=models.Q(dead=False)),
            models.Index("id", name="parked_dead", condition=models.Q(dead=True)),
        ]


class Attempt(models.Model):
    """One delivery: those of its events that had the same outcome. The recent ones are kept, to be shown."""

    lane = models.ForeignKey(Lane, models.CASCADE)
    log_id = models.CharField(max_length=64)
    first = models.BigIntegerField(help_text="Offset of the first of these events.")
    last = models.BigIntegerField(help_text="Offset of the last of these events.")
    offsets = models.JSONField(help_text="Of all these events.")
    time = models.FloatField(help_text="Unix time, seconds.")
    status = models.PositiveIntegerField(null=True, help_text="HTTP; none: no answer.")
    latency_ms = models.FloatField()
    error = models.TextField(default="")

    class Meta:
        indexes = [models.Index("lane", "last", name="attempt_of_event")]


class Sample(models.Model):
    """What a subscription did in one minute. The last hour is kept, to be shown."""

    subscription = models.ForeignKey(Subscription, models.CASCADE)
    minute = models.BigIntegerField(help_text="Unix time, minutes.")
    settled = models.PositiveIntegerField(help_text="Events.")
    lag = models.PositiveIntegerField(help_text="Events, at its end.")
    p50_ms = models.FloatField(null=True)
    p95_ms = models.FloatField(null=True)
    unsent = models.PositiveIntegerField(null=True, help_text="Events in its outbox, at its end.")

    class Meta:
        constraints = [models.UniqueConstraint("minute", "subscription", name="one_sample_per_minute")]


class Discard(models.Model):
    """A discarded dead letter: no replay delivers it again."""

    subscription = models.ForeignKey(Subscription, models.CASCADE)
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    discarded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "source", "event_id", name="discarded_once")]


class Decision(models.Model):
    """A decision to retry or discard all dead letters of that moment. It is settled in pieces."""

    class Action(models.TextChoices):
        RETRY = "retry"
        DISCARD = "discard"

    action = models.CharField(max_length=8, choices=Action)
    subscription = models.CharField(max_length=64, default="", help_text="Empty: all subscriptions.")
    after = models.BigIntegerField(default=0, help_text="The id of the last dead letter settled.")
    through = models.BigIntegerField(help_text="The id of the newest dead letter at that moment.")


class GroupDecision(models.Model):
    """A decision about the dead letters of one subscription that have the same cause; `error` is the cause.

    A table of its own: a former release would carry out a row of `Decision` without looking at the cause.
    """

    action = models.CharField(max_length=8, choices=Decision.Action)
    subscription = models.CharField(max_length=64)
    error = models.TextField()
    after = models.BigIntegerField(default=0, help_text="The id of the last dead letter settled.")
    through = models.BigIntegerField(help_text="The id of the newest dead letter at that moment.")


class FaultSettings(models.Model):
    """The faults of deliveries, set by an operator. At most one row."""

    drop = models.FloatField()
    repeat = models.FloatField()
    reorder = models.FloatField()
    delay = models.FloatField(help_text="Seconds.")


class Tombstone(models.Model):
    """A subject that its source removed. Its events before the tombstone, and those that come late, are erased."""

    source = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    version = models.BigIntegerField(null=True, help_text="Of the subject, as its publisher counts.")
    log_id = models.CharField(max_length=64)
    partition = models.PositiveIntegerField()
    offset = models.BigIntegerField(help_text="Of the tombstone.")
    through = models.BigIntegerField(help_text="The offset of the newest event of the subject.")
    in_log = models.BooleanField(default=True, help_text="Whether the log may have events to erase.")
    in_index = models.BooleanField(
        default=True, db_default=True, help_text="Whether the index may have texts to delete, which nobody finds."
    )

    class Meta:
        constraints = [models.UniqueConstraint("subject", "source", name="one_tombstone")]
        indexes = [
            models.Index("partition", name="tombstone_in_log", condition=models.Q(in_log=True)),
            models.Index("partition", name="tombstone_in_index", condition=models.Q(in_index=True)),
        ]


class StoredPartition(models.Model):
    """One partition of the log of `database://`. An append locks the row of partition 0."""

    partition = models.PositiveIntegerField(primary_key=True)
    log_id = models.CharField(max_length=64)
    begin = models.BigIntegerField(default=0, help_text="The offset up to which events were deleted.")


class StoredEvent(models.Model):
    """An event in the log of `database://`. Offsets are counted over all partitions."""

    offset = models.BigAutoField(primary_key=True)
    partition = models.PositiveIntegerField()
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    time = models.BigIntegerField(help_text="Of the event. Unix time, microseconds.")
    stored_at = models.FloatField(help_text="Unix time, seconds.")
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("event_id", "source", name="stored_once")]
        indexes = [models.Index("partition", "offset", "time", name="stored_in_order")]


class IndexedPartition(models.Model):
    """How far one partition of the log is indexed. The index starts again if the log id changes."""

    partition = models.PositiveIntegerField(primary_key=True)
    log_id = models.CharField(max_length=64)
    through = models.BigIntegerField(default=0, help_text="The offset up to which events are indexed.")
    noted = models.BigIntegerField(
        default=0, db_default=0, help_text="The offset up to which tombstones are noted: a former release notes none."
    )
    begin = models.BigIntegerField(
        default=0, help_text="The offset up to which the index deleted events to stay bounded."
    )


class IndexedEvent(models.Model):
    """Where an event is in the log, and the values by which it is found. Ids rise in the order of the list."""

    partition = models.PositiveIntegerField()
    offset = models.BigIntegerField()
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    correlationid = models.CharField(max_length=255)
    time = models.FloatField(help_text="Of the event. Unix time, seconds.")
    offsets = models.TextField(help_text="The position of the event: of each partition, the last offset up to it.")
    text = models.TextField(null=True, help_text="The beginnings of the payload's texts, case-folded, to be searched.")
    # Short keys keep the database indexes small: random ids would be written all over them.
    id_key = models.BigIntegerField(help_text="CRC-32 of the event's id.")
    chain_key = models.BigIntegerField(help_text="CRC-32 of the correlationid.")

    class Meta:
        indexes = [
            models.Index("partition", "offset", "type", name="indexed_place"),
            models.Index("id_key", name="indexed_id"),
            models.Index("chain_key", name="indexed_chain"),
            models.Index("id", name="indexed_without_text", condition=models.Q(text=None)),
        ]
