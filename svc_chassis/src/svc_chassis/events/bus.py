"""A service's connection to the event bus: what it knows of it, and how it speaks to it."""

from typing import Any, NamedTuple

import orjson
from django.conf import settings

from svc_chassis.events.event import BATCH_TYPE, batch
from svc_chassis.events.signing import signed
from svc_chassis.http.transport import Answer, NoAnswer, Transport, Unreachable

NOT_NOW = (401, 408, 425, 429)
"""4xx answers that are about the sender or the moment, whatever was sent"""


class BusAbsent(Exception):
    """The bus can't be reached or can't serve now; the HTTP `status` and `retry_after` seconds, if it said so."""

    def __init__(self, why: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.retry_after = retry_after


class BusRefused(Exception):
    """The bus will not take this, now or later."""


class Declared(NamedTuple):
    """What the bus says of its log."""

    log_id: str
    durability: str


class Knowledge:
    """What a service has heard of its bus; relay and heartbeat share it."""

    def __init__(self) -> None:
        self.log_id: str | None = None
        """The history the bus holds, as last heard; None: not heard yet."""
        self.troubles: dict[str, str] = {}
        """Why the last call to a path failed; one that works does not hide that another doesn't."""

    @property
    def trouble(self) -> str | None:
        """What keeps this service from the bus; None: nothing."""
        return "; ".join(tuple(self.troubles.values())) or None


class Bus:
    """Each call is one request. One per loop; what is heard goes into the shared `knowledge`."""

    def __init__(self, transport: Transport, knowledge: Knowledge) -> None:
        self._transport = transport
        self.knowledge = knowledge

    def publish(self, events: list[bytes], log_id: str) -> bool:
        """Send encoded events. False: the bus holds another history than `log_id`, and stored nothing.

        Raises BusAbsent, or BusRefused where one of `events` is at fault.
        """
        try:
            return self._call("POST", "/events", batch(events), BATCH_TYPE, {"Log-Id": log_id}).status == 200
        except BusRefused:
            del self.knowledge.troubles["/events"]  # the bus is well; the outbox names the event at fault
            raise
        except BusAbsent as absent:
            # A 403 may mean our key or one event (its type has another publisher now): an empty batch tells which.
            if absent.status in range(400, 500) and absent.status not in NOT_NOW and self._takes_nothing():
                raise BusRefused(str(absent)) from absent
            raise

    def _takes_nothing(self) -> bool:
        """Whether the bus accepts a batch of no events from us."""
        try:
            self.declared()
        except (BusAbsent, BusRefused):
            return False
        return True

    def declared(self) -> Declared:
        """What the bus says of its log, by its answer to a batch of no events. Raises BusAbsent or BusRefused."""
        said = self._call("POST", "/events", batch([]), BATCH_TYPE, {}).json()
        # A bus that promises nothing is taken at that.
        return Declared(said["logId"], said.get("durability", "memory"))

    def subscribe(self, subscription: dict[str, Any]) -> None:
        """The heartbeat. Raises BusAbsent or BusRefused."""
        self._call("PUT", f"/subscriptions/{settings.SERVICE_NAME}", orjson.dumps(subscription), "application/json", {})

    def _call(self, method: str, path: str, body: bytes, content_type: str, headers: dict[str, str]) -> Answer:
        headers = headers | {"Content-Type": content_type}
        headers |= signed(body, settings.SERVICE_NAME, settings.EVENTS_KEYS)
        try:
            answer = self._transport.request(method, settings.EVENTBUS_URL + path, body, headers)
            _check(answer)
        except (Unreachable, NoAnswer) as error:
            self.knowledge.troubles[path] = f"No event bus: {error}"
            raise BusAbsent(f"No event bus: {error}") from error
        except (BusAbsent, BusRefused) as error:
            self.knowledge.troubles[path] = str(error)
            raise
        self.knowledge.troubles.pop(path, None)
        self.knowledge.log_id = answer.json()["logId"]
        return answer


def _check(answer: Answer) -> None:
    said = answer.json()
    if answer.status in (200, 412) and isinstance(said.get("logId"), str):
        return
    why = f"The event bus answered {answer.status}: {said.get('detail', 'nothing it should')}"
    if answer.status in (400, 409, 413, 422):
        raise BusRefused(why)
    raise BusAbsent(why, answer.status, answer.retry_after)
