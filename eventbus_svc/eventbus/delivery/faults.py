"""Faults on purpose, to watch the system stay right: what goes wrong on the way to a subscriber, and can anywhere.

They hold until they are changed, or this process ends.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from random import Random

from pydantic import Field

from eventbus.answer import Answer as Described
from eventbus.delivery.sending import SETTLED
from svc_chassis.runtime.http_client import Answer, NoAnswer, Transport, Unreachable


class Faults(Described):
    """What goes wrong with deliveries, until it is changed or the bus restarts."""

    drop: float = Field(ge=0, le=1)
    """The share that gets lost: the request, or the answer to it."""
    repeat: float = Field(ge=0, le=1)
    """The share that is sent twice."""
    reorder: float = Field(ge=0, le=1)
    """The share after which an earlier one arrives once more, late."""
    delay: float = Field(ge=0, le=30)
    """Seconds by which each one is held back."""


NONE = Faults(drop=0, repeat=0, reorder=0, delay=0)
FORMER = 5
"""earlier deliveries of a lane, of which one may arrive once more"""
LATE = 20.0
"""seconds after which none does: by then an event may have been delivered again in vain, and discarded"""

Request = tuple[str, str, bytes, Mapping[str, str]]

_now = NONE
_changed = threading.Condition()


def faults() -> Faults:
    return _now


def set_faults(new: Faults) -> None:
    """From now on; deliveries that are held back go on at once."""
    global _now
    with _changed:
        _now = new
        _changed.notify_all()


class FaultyTransport:
    """A transport on which requests fare as the faults of the hour say."""

    def __init__(self, inner: Transport, random: Random) -> None:
        self._inner = inner
        self._random = random
        self._former: deque[tuple[float, Request]] = deque(maxlen=FORMER)

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        faults, asked = _now, (method, url, body, headers)
        if faults == NONE:
            return self._inner.request(*asked)
        _hold(faults)
        if self._happens(faults.drop):
            self._drop(asked)
        answer = self._inner.request(*asked)
        if self._happens(faults.repeat):
            self._unheard(asked)
        if self._happens(faults.reorder):
            self._late()
        if _settles(answer):
            self._former.append((time.monotonic(), asked))
        return answer

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _drop(self, asked: Request) -> None:
        """The request never arrives, or the answer to it is lost; the sender can't know which."""
        if self._random.random() < 0.5:
            raise Unreachable(f"{asked[1]}: dropped on purpose")
        self._unheard(asked)
        raise NoAnswer(f"{asked[1]}: its answer was dropped on purpose")

    def _late(self) -> None:
        """An earlier delivery arrives once more, behind later ones."""
        recent = [asked for sent, asked in self._former if time.monotonic() - sent < LATE]
        if recent:
            self._unheard(self._random.choice(recent))

    def _unheard(self, asked: Request) -> None:
        with suppress(Unreachable, NoAnswer):
            self._inner.request(*asked)


def _hold(faults: Faults) -> None:
    with _changed:
        _changed.wait_for(lambda: _now != faults, faults.delay)


def _settles(answer: Answer) -> bool:
    """Whether all it carried was applied: then it may come again. What failed may be discarded meanwhile."""
    results = answer.json().get("results")
    said = results if isinstance(results, list) else []
    return bool(said) and all(isinstance(each, dict) and each.get("status") in SETTLED for each in said)
