"""What the bus must not forget: who is subscribed, how far each lane is, and what waits aside."""

from typing import Any

from django.db import models


class Subscription(models.Model):
    """A service's standing order."""

    class Format(models.TextChoices):
        BATCH = "batch"
        SINGLE = "single"

    class CatchUp(models.TextChoices):
        BUS = "bus", "What it missed is delivered to it."
        SELF = "self", "It reads the history when it starts."

    name = models.CharField(max_length=64, primary_key=True)
    url = models.CharField(max_length=2000)
    types = models.JSONField(default=list)
    batch_size = models.PositiveIntegerField()
    format = models.CharField(max_length=8, choices=Format)
    catch_up = models.CharField(max_length=4, choices=CatchUp, default=CatchUp.BUS)
    inbox_id = models.CharField(max_length=36, default="", help_text="Of the inbox that took part in this history.")
    paused = models.BooleanField(default=False)
    heard_at = models.FloatField(
        null=True, help_text="Time of its last heartbeat or answered delivery. Unix time, seconds."
    )
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
    """One (subscription, partition): how far it is, and how its last delivery went.

    Whoever takes the lane over and whatever rewinds it raises the epoch; a commit that names an old one is refused.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="lanes")
    partition = models.PositiveIntegerField()
    log_id = models.CharField(max_length=64, default="")
    cursor = models.BigIntegerField(default=0, help_text="The offset up to which everything is settled or parked.")
    epoch = models.BigIntegerField(default=0)
    tenure = models.BigIntegerField(default=0, help_text="The lease's epoch under which it was last taken over.")
    attempts = models.PositiveIntegerField(default=0, help_text="That failed in a row.")
    last_error = models.TextField(default="")
    failing_since = models.FloatField(null=True, help_text="Unix time, seconds.")
    next_try = models.FloatField(null=True, help_text="Unix time, seconds.")
    suspect_through = models.BigIntegerField(
        null=True, help_text="The offset of the last event of a delivery that got no answer."
    )
    suspect_most = models.PositiveIntegerField(null=True, help_text="How many events go at once up to there.")
    renewals = models.PositiveIntegerField(default=0, help_text="Of the log, for this lane, since it last caught up.")
    renewed_at = models.FloatField(null=True, help_text="When the last of them was. Unix time, seconds.")

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "partition", name="one_lane_per_partition")]


class HistoryRead(models.Model):
    """How far somebody last read the history with `GET /events`: whoever catches up by itself needs no more of it."""

    reader = models.CharField(max_length=64, help_text="A subscription; empty: an unsigned reader that named none.")
    partition = models.PositiveIntegerField()
    log_id = models.CharField(max_length=64)
    through = models.BigIntegerField(help_text="The offset of the last event that was read.")

    class Meta:
        constraints = [models.UniqueConstraint("reader", "partition", name="newest_read")]


class Parked(models.Model):
    """An event that waits aside because its subject is parked: the one that failed, and those queued behind it."""

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="parked")
    offset = models.BigIntegerField()
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    body = models.BinaryField()
    attempts = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0, help_text="Deliveries in a row that got no answer.")
    error = models.TextField(default="")
    since = models.FloatField(help_text="Unix time, seconds.")
    next_try = models.FloatField(default=0, help_text="Unix time, seconds.")
    dead = models.BooleanField(default=False, help_text="A dead letter: only a person tries it again.")

    class Meta:
        constraints = [models.UniqueConstraint("lane", "offset", name="parked_once")]
        indexes = [
            models.Index("lane", "subject", "offset", name="parked_subject"),
            models.Index("lane", "offset", name="parked_to_retry", condition=models.Q(dead=False)),
            models.Index("id", name="parked_dead", condition=models.Q(dead=True)),
        ]


class Attempt(models.Model):
    """One delivery, as it went for those of its events that fared alike: kept for the recent past, to be shown."""

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


class Discard(models.Model):
    """A dead letter that a person discarded: no replay delivers it again."""

    subscription = models.ForeignKey(Subscription, models.CASCADE)
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    discarded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "source", "event_id", name="discarded_once")]


class Decision(models.Model):
    """To retry or discard all dead letters there were at that moment; settled in pieces, of which it knows the last."""

    class Action(models.TextChoices):
        RETRY = "retry"
        DISCARD = "discard"

    action = models.CharField(max_length=8, choices=Action)
    subscription = models.CharField(max_length=64, default="", help_text="Empty: all subscriptions.")
    after = models.BigIntegerField(default=0, help_text="The id of the last dead letter settled.")
    through = models.BigIntegerField(help_text="The id of the newest dead letter at that moment.")


class FaultSettings(models.Model):
    """The faults that an operator switched on for deliveries. At most one row."""

    drop = models.FloatField()
    repeat = models.FloatField()
    reorder = models.FloatField()
    delay = models.FloatField(help_text="Seconds.")


class StoredPartition(models.Model):
    """One partition of the log that `database://` keeps here. Whoever appends holds the row of partition 0."""

    partition = models.PositiveIntegerField(primary_key=True)
    log_id = models.CharField(max_length=64)
    begin = models.BigIntegerField(default=0, help_text="The offset up to which its events were dropped.")


class StoredEvent(models.Model):
    """An event in that log. Offsets are counted over all partitions."""

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
    """How far the index has followed one partition of the log. Rows of another log id: the index begins anew."""

    partition = models.PositiveIntegerField(primary_key=True)
    log_id = models.CharField(max_length=64)
    through = models.BigIntegerField(default=0, help_text="The offset up to which the index looked.")
    begin = models.BigIntegerField(default=0, help_text="The offset up to which it dropped events to stay bounded.")


class IndexedEvent(models.Model):
    """Where an event is in the log, and by what it is looked up. Ids rise in the order of the list."""

    partition = models.PositiveIntegerField()
    offset = models.BigIntegerField()
    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    correlationid = models.CharField(max_length=255)
    time = models.FloatField(help_text="Of the event. Unix time, seconds.")
    offsets = models.TextField(help_text="Of each partition, the last one up to this event: its position.")
    # Random ids make an index that is written all over: short keys keep it small.
    id_key = models.BigIntegerField(help_text="CRC-32 of the event's id.")
    chain_key = models.BigIntegerField(help_text="CRC-32 of the correlationid.")

    class Meta:
        indexes = [
            models.Index("partition", "offset", "type", name="indexed_place"),
            models.Index("id_key", name="indexed_id"),
            models.Index("chain_key", name="indexed_chain"),
        ]
