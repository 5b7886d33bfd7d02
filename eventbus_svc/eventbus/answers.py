"""What the operator's doors answer: rendered from these, and described by them in /openapi.json."""

import time
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic.alias_generators import to_camel

from svc_chassis.events.attributes import Time
from svc_chassis.events.event import CloudEvent

State = Literal["settled", "waiting", "parked", "dead", "discarded"]
STATES: tuple[State, ...] = get_args(State)


def moment(seconds: float) -> str:
    """Unix seconds of what happened, in RFC 3339, UTC. What a clock that was set back noted ahead of now is now."""
    return (
        datetime.fromtimestamp(min(seconds, time.time()), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )


class Rendered(BaseModel):
    def as_json(self) -> dict[str, Any]:
        """Events as they travelled: what they don't have is left out."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Answer(Rendered):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)


class SubscriptionState(Answer):
    """A standing order, and how its delivery goes."""

    name: str
    url: str
    types: list[str]
    batch_size: int
    format: Literal["batch", "single"]
    catch_up: Literal["bus", "self"]
    """Who brings it what it missed: the bus delivers it, or the subscriber reads the history when it starts."""
    inbox_id: str | None
    state: Literal["active", "retrying", "paused"]
    cursor: str
    """The position up to which everything is settled or parked."""
    lag: int
    """Events that it has still to settle."""
    parked: int
    """Of these, how many wait aside with their subjects; dead letters too."""
    dead_letters: int
    deciding: int
    """Of these, how many are still to be retried or discarded after a decision about all of them."""
    last_error: str | None
    attempts: int
    """That failed in a row."""
    next_try: float | None
    """Seconds until then."""
    last_heard: Time | None
    """Its last heartbeat or answered delivery, as far as this process knows."""


class Delivery(Answer):
    subscription: str
    state: State
    """Whether it was delivered, and if not, whether it waits its turn, waits aside, or was given up."""


class PlacedEvent(CloudEvent, Rendered):
    """An event in the log."""

    position: str
    """What follows it is after this; `before` this is what is older."""


class SeenEvent(PlacedEvent):
    deliveries: list[Delivery]
    """One for each subscription that orders it."""


class Attempt(Answer):
    time: Time
    status: int | None
    """HTTP; null where no answer came."""
    latency_ms: float
    error: str | None
    """Why it settled nothing; with status 200: what the subscriber said of this event alone."""


class TracedDelivery(Delivery):
    attempts: list[Attempt]
    """Of the recent past, oldest first; none for a delivery in which an earlier event of its subject failed."""


class EventPath(Answer):
    """One event: where it went, and what else belongs to its chain."""

    event: PlacedEvent
    stored_at: Time | None
    """When the bus accepted it, if the log knows."""
    deliveries: list[TracedDelivery]
    chain: list[PlacedEvent]
    """Events of its chain, oldest first; it is one of them. Of a long chain the oldest 200, or 199 and itself."""


class Waiting(Answer):
    id: str
    type: str


class DeadLetter(Answer):
    """An event that a subscription could not apply, and that only a person tries again."""

    id: int
    subscription: str
    event: CloudEvent
    error: str
    attempts: int
    since: Time
    """When it first failed, or began to wait for one that did."""
    behind: list[Waiting]
    """What waits for it: the next events of its subject, a hundred at most."""


class Paused(Answer):
    name: str
    state: Literal["active", "paused"]


class Settled(Answer):
    id: int
    event: CloudEvent
    action: Literal["retry", "discard"]


class Decided(Answer):
    count: int
    """The dead letters that it is about."""
    remaining: int | None = None
    """Those that the bus goes on to retry or discard in the background; absent where it is done."""


class Contract(Answer):
    """What an event promises, and who wants it."""

    type: str
    publisher: str
    consumers: list[str]
    """The subscriptions that order it now."""
    version: int
    description: str
    schema_: dict[str, Any] = Field(alias="schema")
    """JSON Schema of the payload."""
    example: CloudEvent


class Replay(Answer):
    name: str
    from_: str = Field(alias="from")


class ReplayPreview(Replay):
    events: int
    """How many would be sent, of those in the index."""


class Faults(Answer):
    """How deliveries fare until it is changed or the bus restarts."""

    drop: float = Field(ge=0, le=1)
    """The share that gets lost: the request, or the answer to it."""
    repeat: float = Field(ge=0, le=1)
    """The share that is sent twice."""
    reorder: float = Field(ge=0, le=1)
    """The share after which an earlier one arrives once more, late."""
    delay: float = Field(ge=0, le=30)
    """Seconds by which each one is held back."""


class Subscriptions(RootModel[list[SubscriptionState]]):
    pass


class SeenEvents(RootModel[list[SeenEvent]]):
    pass


class DeadLetters(RootModel[list[DeadLetter]]):
    pass


class Contracts(RootModel[list[Contract]]):
    pass
