"""Which events a service handles, and how: handlers register by decorator, and its subscription follows from them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from svc_chassis.events.chain import Chain, continued
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import CloudEvent, Event

Payload = TypeVar("Payload", bound=Contract)
One = Callable[[Event[Payload]], None]
Many = Callable[[list[Event[Payload]]], None]


@dataclass(frozen=True)
class Handler:
    contracts: dict[str, type[Contract]]
    apply: Callable[[list[Event[Any]]], None]

    def read(self, envelope: CloudEvent) -> Event[Any]:
        """Raises pydantic's ValidationError where the payload breaks its contract."""
        return Event(envelope, self.contracts[envelope.type].model_validate(envelope.data))


_handlers: dict[str, dict[str, Handler]] = {}


def handles(contract: type[Payload]) -> Callable[[One[Payload]], One[Payload]]:
    """The decorated function applies one event; what it publishes continues that event's chain."""

    def register(function: One[Payload]) -> One[Payload]:
        def apply(events: list[Event[Payload]]) -> None:
            for event in events:
                with continued(Chain.of(event.envelope)):
                    function(event)

        _register(function, Handler({contract.event_type(): contract}, apply))
        return function

    return register


def handles_batch(*contracts: type[Payload]) -> Callable[[Many[Payload]], Many[Payload]]:
    """The decorated function applies a list of events, of any of `contracts`, in their order, at once."""

    def register(function: Many[Payload]) -> Many[Payload]:
        _register(function, Handler({contract.event_type(): contract for contract in contracts}, function))
        return function

    return register


def handler_of(event_type: str) -> Handler | None:
    """This service's handler of `event_type`."""
    return _handlers.get(settings.SERVICE_NAME, {}).get(event_type)


def contract_of(event_type: str) -> type[Contract] | None:
    """The contract of a type that this service handles."""
    handler = handler_of(event_type)
    return handler.contracts[event_type] if handler else None


def handled_types() -> list[str]:
    """The types this service subscribes to."""
    return sorted(_handlers.get(settings.SERVICE_NAME, {}))


def consumers_of(event_type: str) -> list[str]:
    """The services of this process that handle `event_type`; a process that is one service knows of itself only."""
    return sorted(service for service, handlers in _handlers.items() if event_type in handlers)


def _register(function: Callable[..., None], handler: Handler) -> None:
    service = function.__module__.partition(".")[0]
    for event_type in handler.contracts:
        taken = _handlers.setdefault(service, {}).setdefault(event_type, handler)
        if taken is not handler:
            raise RuntimeError(f"{service} has two handlers of {event_type}.")
