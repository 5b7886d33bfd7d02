"""One delivery: events go to a subscriber's door, and its answer says what became of each."""

from dataclasses import dataclass

import orjson

from eventbus.log.port import Record
from eventbus.models import Subscription
from svc_chassis.events.event import BATCH_TYPE, batch
from svc_chassis.events.signing import signed
from svc_chassis.runtime.http_client import Answer, NoAnswer, Transport, Unreachable
from svc_chassis.secrets import PeerKeys

GATEWAY = (502, 504)
"""what a gateway answers when its upstream gave none: the subscriber may have ended, as with no answer at all"""
ABSENT = (401, 403, 429, 503, *GATEWAY)
"""answers that say: not now, or not before something is set right"""
GONE = 410
EMPTY_TAKEN = (200, 201, 202, 204, 400, 422)
"""answers to an empty batch of one who reads batches, and may find an empty one odd"""
SETTLED = ("applied", "duplicate")
STATUSES = (*SETTLED, "failed", "blocked")


class Undelivered(Exception):
    """The answer settles nothing; `status` is its HTTP status, None: there was no answer."""

    def __init__(self, why: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(_storable(why))
        self.status = status
        self.retry_after = retry_after


class Absent(Undelivered):
    """The subscriber is not there; try the same again later, at least `retry_after` seconds if it said so."""


class Lost(Absent):
    """The delivery was begun and got no answer, and now the subscriber is not there: it may have ended it."""


class Gone(Undelivered):
    """The subscriber wants no more: its subscription is to be paused."""


class Unclear(Undelivered):
    """Some answer, but not one that settles these events: fewer at a time will tell which one is at fault."""


@dataclass(frozen=True)
class Fate:
    """What became of one event: settled, or failed with an `error`, or blocked (by one that failed) without."""

    settled: bool
    error: str = ""


class Sender:
    """Delivers to one subscriber at a time; signs where it has that subscriber's keys."""

    def __init__(self, transport: Transport, keys: PeerKeys) -> None:
        self._transport = transport
        self._keys = keys

    def deliver(self, to: Subscription, records: list[Record]) -> list[Fate]:
        """The fate of each of `records`, in their order. Raises Absent, Gone or Unclear."""
        if to.format == Subscription.Format.SINGLE:
            self._whole(to, records[0].body, "application/json")
            return [Fate(settled=True)]
        answer = self._whole(to, batch([record.body for record in records]), BATCH_TYPE)
        return _fates(answer, records)

    def reachable(self, to: Subscription) -> bool:
        """Whether the subscriber answers as it should when no event can be at fault."""
        try:
            if to.format == Subscription.Format.SINGLE:
                return self._transport.request("GET", to.url, b"", {}).status not in ABSENT
            return self._request(to, b"[]", BATCH_TYPE).status in EMPTY_TAKEN
        except (Unreachable, NoAnswer):
            return False

    def _whole(self, to: Subscription, body: bytes, content_type: str) -> Answer:
        try:
            answer = self._request(to, body, content_type)
        except Unreachable as error:
            raise Absent(str(error)) from error
        except NoAnswer as error:
            raise Unclear(str(error)) from error
        if answer.status in ABSENT:
            raise (Lost if answer.status in GATEWAY else Absent)(_said(answer), answer.status, answer.retry_after)
        if answer.status == GONE:
            raise Gone(_said(answer), answer.status)
        if not 200 <= answer.status < 300:
            raise Unclear(_said(answer), answer.status)
        return answer

    def _request(self, to: Subscription, body: bytes, content_type: str) -> Answer:
        headers = {"Content-Type": content_type}
        if keys := self._keys.of(to.name):
            headers |= signed(body, "eventbus", keys)
        return self._transport.request("POST", to.url, body, headers)


def _said(answer: Answer) -> str:
    detail = answer.json().get("detail")
    return f"answered {answer.status}" + (f": {detail}" if isinstance(detail, str) else "")


def _fates(answer: Answer, records: list[Record]) -> list[Fate]:
    try:
        results = orjson.loads(answer.body)["results"]
        if [result["id"] for result in results] != [record.id for record in records]:
            raise Unclear("answered with the results of other events", answer.status)
        fates = [_fate(result["status"], str(result.get("error") or ""), answer.status) for result in results]
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        raise Unclear(f"answered {answer.status} without saying what became of the events", answer.status) from error
    failed: set[str] = set()
    return [_in_turn(fate, record.subject, failed) for fate, record in zip(fates, records, strict=True)]


def _in_turn(fate: Fate, subject: str, failed: set[str]) -> Fate:
    """What follows a failed event of its subject is blocked and no more; what nothing blocks has failed itself."""
    if fate.settled:
        return fate
    if subject in failed:
        return Fate(settled=False)
    failed.add(subject)
    return Fate(settled=False, error=fate.error or "blocked, but by no event before it")


def _fate(status: str, error: str, http_status: int) -> Fate:
    if status not in STATUSES:
        raise Unclear(f"answered that an event is {status!r}", http_status)
    if status == "failed" and not error:
        error = "failed without saying why"
    return Fate(status in SETTLED, _storable(error))


def _storable(text: str) -> str:
    """What a subscriber said, as any database takes it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:500]
