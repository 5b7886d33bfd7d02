"""Events, keys and time for the tests."""

import uuid
from typing import Any

from django.conf import settings

from svc_chassis.events.event import now
from svc_chassis.testing.http_server import Json


class Clock:
    """Unix seconds, as a test says; `steady` goes on as before when they jump."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.jumped = 0.0

    def __call__(self) -> float:
        return self.now + self.jumped

    def steady(self) -> float:
        return self.now

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock, or its counter overflows."""
        self.jumped += seconds

    def advance(self, seconds: float) -> None:
        self.now += seconds


def comment(subject: str = "c1", type: str = "CommentCreated", **attributes: Any) -> Json:
    """An event of comments, valid in every respect, with `attributes` in place of the envelope's."""
    data = {"id": subject, "postId": "p1", "content": "hello", "author": "", "status": "pending", "version": 1}
    event = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/comments", "type": type, "subject": subject}
    event |= {"time": now(), "datacontenttype": "application/json", "correlationid": "chain", "data": data}
    return event | attributes


def nth(log: Any, number: int) -> int:
    """The offset of the event that was appended as that one; 0: before all. What was not appended is beyond the end."""
    from eventbus.log.adapters.memory import MemoryLog
    from eventbus.models import StoredEvent

    if isinstance(log, MemoryLog):
        return number * log._stride
    offsets = [0, *StoredEvent.objects.order_by("offset").values_list("offset", flat=True)]
    return offsets[number] if number < len(offsets) else offsets[-1] + number


def position(log: Any, number: int) -> str:
    """Of that event, in a log of one partition."""
    return f"{log.log_id}.{nth(log, number)}"


def end_of_log() -> int:
    """The newest event's offset, in a log of one partition."""
    from eventbus.log.open import the_log

    return the_log().bounds(0).end


def evict(log: Any, count: int) -> None:
    """Drop the oldest events of a log of one partition."""
    log.make_room([nth(log, count)], 10**12)


def keys_of(name: str) -> list[str]:
    keys: list[str] = settings.EVENTS_VAULT.signing_keys("EVENTS_SECRET", name)
    return keys
