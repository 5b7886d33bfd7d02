"""An event as it travels (CloudEvents 1.0, JSON) and as a handler sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import NAMESPACE_URL, uuid5

import orjson
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, StrictBool, TypeAdapter, ValidationError, model_validator
from rest_framework.exceptions import APIException

from svc_chassis.events.attributes import Extension, ExtensionName, JsonType, Name, Reference, Time, Trace, instant
from svc_chassis.events.contract import Contract

EVENT_LIMIT = 64 * 1024
"""bytes"""
BATCH_LIMIT = 500
"""events"""
BATCH_BYTES = 4 * 1024 * 1024 - 64 * 1024
"""bytes of events in one batch, so that with its commas it stays under the 4 MiB that a receiver takes"""

BATCH_TYPE = "application/cloudevents-batch+json"

Payload = TypeVar("Payload", bound=Contract)
Violation = ValidationError
"""An event breaks its envelope or its contract; unlike REST framework's error of that name."""


class CloudEvent(BaseModel):
    """The envelope on the wire; extension attributes such as `position` pass through untouched."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)
    __pydantic_extra__: dict[ExtensionName, Extension]

    specversion: Literal["1.0"]
    """Of CloudEvents."""
    id: Name
    """Identifies the event, together with `source`; it is the same in every delivery."""
    source: Reference
    """Who publishes it: `/` and the service's name."""
    type: Name
    """What happened: the name of its contract."""
    subject: Name
    """What it happened to: events of one subject keep their order."""
    time: Time
    """When it happened."""
    datacontenttype: JsonType = "application/json"
    """How `data` is written: as JSON, whatever the name and the parameters of its media type."""
    dataschema: Reference | None = None
    """Which version of its contract `data` keeps."""
    correlationid: Name | None = None
    """The chain that it belongs to: one id from the first cause to the last effect."""
    causationid: Name | None = None
    """The id of the event that it answers to; none if it began the chain."""
    traceparent: Trace = None
    """Which span of which trace published it, as W3C Trace Context writes it; anything else is ignored."""
    tombstone: StrictBool = False
    """The subject was removed: the bus erases the earlier events of this source and subject from its log."""
    data: dict[str, Any]
    """The payload."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, body: Any) -> Any:
        """A null is an attribute that is not there."""
        if not isinstance(body, dict) or None not in body.values():
            return body
        return {name: value for name, value in body.items() if value is not None}


class EventTooLarge(APIException):
    """The event is over 64 KiB; nothing was written. To whoever sent what it tells of, it is a 413."""

    status_code = 413


@dataclass(frozen=True, slots=True)
class Event(Generic[Payload]):
    """What a handler gets: the payload as its contract says, and the envelope around it."""

    envelope: CloudEvent
    data: Payload

    @property
    def time(self) -> datetime:
        """In UTC."""
        return instant(self.envelope.time)


_batch = TypeAdapter(list[CloudEvent])


def parse(body: Any) -> list[CloudEvent]:
    """One decoded event or a list of them as envelopes. Raises pydantic's ValidationError, which names the field."""
    return _batch.validate_python(body if isinstance(body, list) else [body])


def wire(
    payload: Contract,
    *,
    event_id: str,
    time: str,
    correlationid: str,
    causationid: str | None = None,
    traceparent: str | None = None,
    tombstone: bool = False,
) -> dict[str, Any]:
    """The event with this payload, as its publisher sends it."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{payload.publisher}",
        "type": payload.event_type(),
        "subject": payload.subject,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": payload.dataschema(),
        "correlationid": correlationid,
        **({"causationid": causationid} if causationid else {}),
        **({"traceparent": traceparent} if traceparent else {}),
        **({"tombstone": True} if tombstone else {}),
        "data": payload.model_dump(mode="json", by_alias=True),
    }


def example(contract: type[Contract]) -> dict[str, Any]:
    """The contract's example as a whole event, always the same."""
    event_id = str(uuid5(NAMESPACE_URL, contract.dataschema()))
    return wire(contract.example(), event_id=event_id, time="2026-01-01T09:00:00.000000Z", correlationid=event_id)


def encode(event: dict[str, Any]) -> bytes:
    """The bytes of an event as they are stored and sent, everywhere the same."""
    # A copy of the exact length: orjson's own objects keep their over-allocated buffer for as long as they live.
    return bytes(memoryview(orjson.dumps(event)))


def batch(events: list[bytes]) -> bytes:
    """Encoded events as one JSON array."""
    return b"[" + b",".join(events) + b"]"


def now() -> str:
    """This instant in RFC 3339, UTC, with microseconds."""
    return timezone.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
