"""One delivery: a request with events to a subscriber, whose response has the result of each."""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from eventbus.log.port import Record
from eventbus.models import Subscription
from svc_chassis.events.event import BATCH_TYPE, batch
from svc_chassis.events.signing import signed
from svc_chassis.runtime.http_client import Answer, NoAnswer, Transport, Unreachable
from svc_chassis.secrets import PeerKeys

GATEWAY = (502, 504)
"""statuses of a gateway whose upstream gave no response: the subscriber may have ended"""
ABSENT = (401, 403, 429, 503, *GATEWAY)
"""statuses that mean: not now, or not before something is corrected"""
GONE = 410
EMPTY_TAKEN = (200, 201, 202, 204, 400, 422)
"""statuses that a subscriber which accepts batches may answer to an empty one"""
SETTLED = ("applied", "duplicate")
STATUSES = (*SETTLED, "failed", "blocked")


class Undelivered(Exception):
    """The response settles nothing. `status` is its HTTP status; None if there was no response."""

    def __init__(self, why: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(_storable(why))
        self.status = status
        self.retry_after = retry_after


class Absent(Undelivered):
    """The subscriber is absent. Retry the same later: after `retry_after` seconds, if it gave that."""


class Unanswered(Absent):
    """The delivery got no response, and now the subscriber is absent: an event may have ended its process."""


class Gone(Undelivered):
    """The subscriber wants no more events: pause its subscription."""


class Unclear(Undelivered):
    """A response that settles none of the events. A smaller batch shows which event is at fault."""


@dataclass(frozen=True)
class Result:
    """What became of one event: settled; failed, with an `error`; or blocked by one that failed, without an error."""

    settled: bool
    error: str = ""
    at: str = ""
    """where in the subscriber's code, if it says so"""


class Sender:
    """Delivers to one subscriber at a time. Signs the request if the bus has a key of that subscriber."""

    def __init__(self, transport: Transport, keys: PeerKeys) -> None:
        self._transport = transport
        self._keys = keys

    def deliver(self, to: Subscription, records: list[Record]) -> list[Result]:
        """The results of `records`, in their order. Raises Absent, Gone or Unclear."""
        if to.format == Subscription.Format.SINGLE:
            self._whole(to, records[0].body, "application/json")
            return [Result(settled=True)]
        answer = self._whole(to, batch([record.body for record in records]), BATCH_TYPE)
        return _results(answer, records)

    def reachable(self, to: Subscription) -> bool:
        """Whether the subscriber responds as it should to a request without events."""
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
            raise (Unanswered if answer.status in GATEWAY else Absent)(_said(answer), answer.status, answer.retry_after)
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


def _results(answer: Answer, records: list[Record]) -> list[Result]:
    try:
        found = orjson.loads(answer.body)["results"]
        if [each["id"] for each in found] != [record.id for record in records]:
            raise Unclear("answered with the results of other events", answer.status)
        results = [_result(each, answer.status) for each in found]
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        raise Unclear(f"answered {answer.status} without saying what became of the events", answer.status) from error
    failed: set[str] = set()
    return [_in_turn(result, record.subject, failed) for result, record in zip(results, records, strict=True)]


def _in_turn(result: Result, subject: str, failed: set[str]) -> Result:
    """An event behind a failed one of its subject is blocked; one that nothing blocks has failed itself."""
    if result.settled:
        return result
    if subject in failed:
        return Result(settled=False)
    failed.add(subject)
    return replace(result, error=result.error or "blocked, but no earlier event of its subject failed")


def _result(said: dict[str, Any], http_status: int) -> Result:
    status, error, at = said["status"], str(said.get("error") or ""), str(said.get("at") or "")
    if status not in STATUSES:
        raise Unclear(f"answered that an event is {status!r}", http_status)
    if status == "failed" and not error:
        error = "failed without saying why"
    return Result(status in SETTLED, _storable(error), _storable(at))


def _storable(text: str) -> str:
    """`text` as every database can store it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:500]
