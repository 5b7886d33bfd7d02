"""The chain of events of the running code: one correlation id from the first cause to the last effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svc_chassis.events.event import CloudEvent


@dataclass(frozen=True)
class Chain:
    """The chain of the running code, and the event that caused it."""

    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None

    @classmethod
    def of(cls, event: "CloudEvent") -> "Chain":
        """That of what this event causes."""
        return cls(event.correlationid, event.id, event.traceparent)


NO_CHAIN = Chain()
_chain: ContextVar[Chain] = ContextVar("chain", default=NO_CHAIN)


def current_chain() -> Chain:
    return _chain.get()


@contextmanager
def continued(chain: Chain) -> Iterator[None]:
    """Events published inside continue this chain."""
    token = _chain.set(chain)
    try:
        yield
    finally:
        _chain.reset(token)
