"""Faults that an operator switches on for deliveries, to see that every guarantee holds.

They hold until they are changed, in every process of the bus: each reads them again after at most a second.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from random import Random

from django.conf import settings
from pydantic import Field

from eventbus.delivery.sender import SETTLED
from eventbus.models import FaultSettings
from eventbus.schemas import Schema
from svc_chassis.observe.health import warns
from svc_chassis.runtime.http_client import Answer, NoAnswer, Transport, Unreachable


class Faults(Schema):
    """The faults that deliveries have, until they are changed."""

    drop: float = Field(ge=0, le=1)
    """The share of requests that are lost, or whose response is lost."""
    repeat: float = Field(ge=0, le=1)
    """The share of requests that are sent twice."""
    reorder: float = Field(ge=0, le=1)
    """The share of requests after which an earlier one is sent again, late."""
    delay: float = Field(ge=0, le=30)
    """The delay of each request, in seconds."""


NONE = Faults(drop=0, repeat=0, reorder=0, delay=0)
FORMER = 5
"""earlier deliveries of a lane, one of which may be sent again"""
LATE = 20.0
"""seconds after which none is sent again: its event may have failed and been discarded meanwhile"""

Request = tuple[str, str, bytes, Mapping[str, str]]

READ_EVERY = 1.0
"""seconds for which a process obeys the faults that it read"""

_now, _read_at = NONE, 0.0
_changed = threading.Condition()


def faults() -> Faults:
    """The faults as they are set now."""
    row = FaultSettings.objects.values("drop", "repeat", "reorder", "delay").first()
    return Faults(**row) if row else NONE


def set_faults(new: Faults) -> None:
    """From now on. What this process holds back continues at once, what others hold back within a second."""
    FaultSettings.objects.update_or_create(pk=1, defaults=new.model_dump())
    _obey(new)


def end_delays() -> None:
    """This process stops: deliveries that it holds back continue at once."""
    _obey(NONE)


@warns
def switched_on() -> list[str]:
    """The warning of `/readyz` while there are faults."""
    on = settings.EVENTBUS_FAULTS_ENABLED and faults() != NONE
    return ["deliveries have faults that an operator switched on: switch them off on the flow page"] if on else []


def _obey(new: Faults) -> None:
    global _now, _read_at
    with _changed:
        _now, _read_at = new, time.monotonic()
        _changed.notify_all()


def _obeyed() -> Faults:
    if time.monotonic() >= _read_at + READ_EVERY:
        _obey(faults())
    return _now


class FaultyTransport:
    """A transport whose requests have the faults that are set."""

    def __init__(self, inner: Transport, random: Random) -> None:
        self._inner = inner
        self._random = random
        self._former: deque[tuple[float, Request]] = deque(maxlen=FORMER)

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        faults, asked = _obeyed(), (method, url, body, headers)
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
        """Lose the request or its response; the sender cannot tell which."""
        if self._random.random() < 0.5:
            raise Unreachable(f"{asked[1]}: dropped on purpose")
        self._unheard(asked)
        raise NoAnswer(f"{asked[1]}: its answer was dropped on purpose")

    def _late(self) -> None:
        """Send an earlier delivery again, after later ones."""
        recent = [asked for sent, asked in self._former if time.monotonic() - sent < LATE]
        if recent:
            self._unheard(self._random.choice(recent))

    def _unheard(self, asked: Request) -> None:
        with suppress(Unreachable, NoAnswer):
            self._inner.request(*asked)


def _hold(faults: Faults) -> None:
    """Wait for the delay, or until the faults change."""
    until = time.monotonic() + faults.delay
    while _obeyed() == faults and (left := until - time.monotonic()) > 0:
        with _changed:
            _changed.wait_for(lambda: _now != faults, min(left, READ_EVERY))


def _settles(answer: Answer) -> bool:
    """Whether all events of the request were applied: only then it may be sent again. Failed ones may get discarded."""
    results = answer.json().get("results")
    said = results if isinstance(results, list) else []
    return bool(said) and all(isinstance(each, dict) and each.get("status") in SETTLED for each in said)
