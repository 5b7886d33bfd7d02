"""The chain of events of the running code: one correlation id from the first cause to the last effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Chain:
    """The chain of the running code, and the event that caused it."""

    correlationid: str | None = None
    causationid: str | None = None


NO_CHAIN = Chain()
_chain: ContextVar[Chain] = ContextVar("chain", default=NO_CHAIN)


def current_chain() -> Chain:
    return _chain.get()


@contextmanager
def chain(correlationid: str | None, causationid: str | None = None) -> Iterator[None]:
    """Events published inside continue this chain."""
    token = _chain.set(Chain(correlationid, causationid))
    try:
        yield
    finally:
        _chain.reset(token)
