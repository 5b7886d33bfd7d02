"""`/bus/subscriptions/<name>/replay`: deliver events again."""

from contextlib import suppress
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.api.index import begins
from eventbus.api.positions import offsets
from eventbus.api.subscriptions import subscription_named
from eventbus.delivery.supervisor import retry_now
from eventbus.inspection.subscriptions import replayed
from eventbus.inspection.window import Window
from eventbus.log import position
from eventbus.log.open import the_log
from eventbus.log.port import Log
from eventbus.log.position import Offsets
from eventbus.models import Subscription
from eventbus.schemas import Schema
from eventbus.subscriptions import replay
from svc_chassis.audit.trail import REASON, audited
from svc_chassis.events.attributes import instant
from svc_chassis.web.fields import Text, body_of

BEGINNING = "beginning"
LONGEST = 2_000
"""characters; a position has up to 19 for each partition"""
FROM = f"`{BEGINNING}`, a position (what follows it), or an RFC 3339 time."


class Replay(Schema):
    name: str
    from_: str = Field(alias="from")


class ReplayPreview(Replay):
    events: int
    """How many events in the index would be delivered."""


class ReplayOptions(serializers.Serializer[Subscription]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a keyword, so it cannot be an attribute.
        return {"from": Text(max_length=LONGEST)}


class ReplayView(OperatorView):
    @extend_schema(parameters=[OpenApiParameter("from", str, required=True, description=FROM)], responses=ReplayPreview)
    def get(self, request: Request, name: str) -> Response:
        """How many events in the index a replay would deliver.

        If the log has more events than the index, the header `Index-Begins` is the time from which they are counted.
        """
        subscription = subscription_named(name)
        start, after = _start(request.GET.dict())
        window = Window.of(the_log())
        count = replayed(window, subscription, after)
        return Response({"name": name, "from": start, "events": count}, headers=begins(window))

    @extend_schema(parameters=[REASON], request=ReplayOptions, responses=Replay)
    def post(self, request: Request, name: str) -> Response:
        """Deliver all events again: from the beginning, after a position, or from a time."""
        subscription = subscription_named(name)
        start, after = _start(request.data)
        with audited(request, "replay", name, **{"from": start}):
            replay(subscription=subscription, after=after)
        retry_now(name)
        return Response({"name": name, "from": start})


def _start(asked: Any) -> tuple[str, Offsets]:
    start: str = body_of(ReplayOptions, asked)["from"]
    return start, offsets(start, "from", starting_point)


def starting_point(text: str, log: Log) -> Offsets:
    """The offsets of `beginning`, a position, or an RFC 3339 time. Raises ValueError and OtherHistory."""
    if text == BEGINNING:
        return position.beginning(log)
    with suppress(ValueError):
        moment = instant(text)
        return tuple(log.at(partition, moment) for partition in range(log.partitions))
    try:
        return position.parse(text, log)
    except ValueError as error:
        raise ValueError(f"Must be '{BEGINNING}', a position, or an RFC 3339 time with its zone.") from error
