"""The client of the event bus, and what this process knows of the bus."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
import structlog
from django.conf import settings

from svc_chassis.events.event import BATCH_TYPE, batch
from svc_chassis.events.signing import signed
from svc_chassis.runtime.http_client import Answer, NoAnswer, Transport, Unreachable

log = structlog.get_logger()

UNSENT = "Outbox-Unsent"
"""the header of a heartbeat that says how many events wait in the outbox"""
ANOTHER = "another:"
"""the prefix of the log id under which rows count as acknowledged by a bus that is not Blogbus's"""
FAULTY = (400, 409, 413, 422)
"""statuses that mean: an event of the batch is refused"""
NOT_NOW = (401, 408, 425, 429)
"""4xx statuses that concern the sender or the moment, not the events"""
CURE = "Set EVENTBUS_URL to Blogbus's, or EVENTS_ALLOW_UNSIGNED=1 to publish to this one unsigned."


class BusAbsent(Exception):
    """The bus can't be reached or can't serve now; the HTTP `status` and `retry_after` seconds, if it said so."""

    def __init__(self, why: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.retry_after = retry_after


class AnotherBus(BusAbsent):
    """Something responds, but not like a Blogbus event bus."""


class BusRefused(Exception):
    """The bus refuses this, now and later."""


class Declared(NamedTuple):
    """What the bus says of its log."""

    log_id: str
    durability: str
    kept_since: datetime | None
    """Events stored before this time have left the log, and are not parked. None if the bus does not tell."""


class BusState:
    """What a service knows of its bus; relay and heartbeat share it."""

    def __init__(self) -> None:
        self.log_id: str | None = None
        """The log id of the bus's last response; None before the first."""
        self.troubles: dict[str, str] = {}
        """By path: why the last call failed. A path that works does not hide one that does not."""

    @property
    def trouble(self) -> str | None:
        """Why this service cannot use the bus; None if it can."""
        return "; ".join(tuple(self.troubles.values())) or None

    def note(self, path: str, trouble: str | None) -> None:
        """What is wrong with a path now; logged when it changes."""
        if trouble == self.troubles.get(path):
            return
        if trouble:
            self.troubles[path] = trouble
            log.warning("event bus problem", why=trouble)
        else:
            self.troubles.pop(path, None)
            log.info("event bus is back", path=path)


BUS = BusState()
"""the state of the bus in this process"""


class Bus:
    """Each call is one request. One client per loop; all write to the shared `state`."""

    def __init__(self, transport: Transport, state: BusState) -> None:
        self._transport = transport
        self.state = state

    def publish(self, events: list[bytes], log_id: str) -> bool:
        """Send encoded events. False if the bus has another history than `log_id`; then it stored nothing.

        Raises BusAbsent, or BusRefused where one of `events` is at fault.
        """
        if is_another(log_id):
            return self._publish_plainly(*events)
        try:
            return self._call("POST", "/events", batch(events), BATCH_TYPE, {"Log-Id": log_id}).status == 200
        except BusRefused:
            self.state.note("/events", None)  # the bus is well; the outbox names the event at fault
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

    def _publish_plainly(self, event: bytes) -> bool:
        """To another bus: one event per request, unsigned, with `type` and `data` where the seed's services look."""
        headers = {"Content-Type": "application/json"}
        answer = self._request("POST", "/events", event, headers)
        said = f"The event bus at {settings.EVENTBUS_URL} answered {answer.status} to POST /events."
        self.state.note("/events", None if answer.ok or answer.status in FAULTY else said)
        if answer.status in FAULTY:
            raise BusRefused(said)
        if not answer.ok:
            raise BusAbsent(said, answer.status, answer.retry_after)
        if isinstance(log_id := answer.json().get("logId"), str):
            self.state.log_id = log_id  # ours is back, and gets all of it
        return not isinstance(log_id, str)

    def declared(self) -> Declared:
        """What the bus says of its log, by its answer to a batch of no events. Raises BusAbsent or BusRefused."""
        said = self._call("POST", "/events", batch([]), BATCH_TYPE, {}).json()
        # A bus that promises nothing is taken at that.
        since = said.get("keptSince")
        kept_since = datetime.fromisoformat(since) if isinstance(since, str) else None
        return Declared(said["logId"], said.get("durability", "memory"), kept_since)

    def subscribe(self, subscription: dict[str, Any], unsent: int) -> None:
        """The heartbeat, which says how many events are `unsent`. Raises BusAbsent or BusRefused.

        Where another bus answers and `EVENTS_ALLOW_UNSIGNED` is on, its name stands for the log id from now on.
        """
        path = f"/subscriptions/{settings.SERVICE_NAME}"
        try:
            # A header, because a bus that does not know it takes the rest all the same.
            self._call("PUT", path, orjson.dumps(subscription), "application/json", {UNSENT: str(unsent)})
        except AnotherBus as another:
            if not settings.EVENTS_ALLOW_UNSIGNED:
                raise
            self.state.note(path, f"{another} Events are published to it unsigned and count as delivered.")
            self.state.log_id = ANOTHER + blake2b(settings.EVENTBUS_URL.encode(), digest_size=8).hexdigest()

    def _call(self, method: str, path: str, body: bytes, content_type: str, headers: dict[str, str]) -> Answer:
        headers = headers | {"Content-Type": content_type}
        headers |= signed(body, settings.SERVICE_NAME, settings.EVENTS_KEYS)
        answer = self._request(method, path, body, headers)
        try:
            _check(answer, f"{method} {path}")
        except AnotherBus as another:
            if not settings.EVENTS_ALLOW_UNSIGNED:
                self.state.note(path, f"{another} {CURE}")
            raise
        except (BusAbsent, BusRefused) as error:
            self.state.note(path, str(error))
            raise
        self.state.note(path, None)
        self.state.log_id = answer.json()["logId"]
        return answer

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        try:
            return self._transport.request(method, settings.EVENTBUS_URL + path, body, headers)
        except (Unreachable, NoAnswer) as error:
            self.state.note(path, f"No event bus: {error}")
            raise BusAbsent(f"No event bus: {error}") from error


def is_another(log_id: str) -> bool:
    """Whether this is a bus that is not Blogbus's: it accepts one event at a time."""
    return log_id.startswith(ANOTHER)


def _check(answer: Answer, asked: str) -> None:
    said = answer.json()
    if answer.status in (200, 412) and isinstance(said.get("logId"), str):
        return
    if not _may_be_ours(answer):
        where = f"What answers at {settings.EVENTBUS_URL} is not a Blogbus event bus"
        raise AnotherBus(f"{where}: it answered {answer.status} to {asked}.", answer.status, answer.retry_after)
    why = f"The event bus answered {answer.status}: {said.get('detail', 'nothing it should')}"
    if answer.status in FAULTY:
        raise BusRefused(why)
    raise BusAbsent(why, answer.status, answer.retry_after)


def _may_be_ours(answer: Answer) -> bool:
    """Ours refuses with a problem; what stands before it may be busy or broken, in words of its own."""
    busy = answer.status == 429 or (answer.status >= 500 and answer.status != 501)
    return busy or answer.headers.get("Content-Type", "").startswith("application/problem+json")
