"""`/bus/events`: the events in the log, and the path of one."""

import time
from datetime import datetime
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import RootModel
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.api.index import begins
from eventbus.api.positions import offsets
from eventbus.inspection import index
from eventbus.inspection.event_path import EventPath, path_of
from eventbus.inspection.events import Filter, SeenEvent, events
from eventbus.inspection.states import STATES
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from eventbus.models import IndexedEvent
from svc_chassis.events.attributes import instant
from svc_chassis.web.fields import body_of
from svc_chassis.web.numbers import number_parameter
from svc_chassis.web.paging import LIMIT, Page, next_link

LONGEST = 200
MOMENT = {"type": "string", "format": "date-time"}
SEARCHED = (
    f"What the payload's texts contain, in upper or lower case. Of each text the first {index.TEXT} characters are "
    f"searched, of a whole payload {index.TEXTS} bytes."
)


class SeenEvents(RootModel[list[SeenEvent]]):
    pass


class Asked(serializers.CharField):
    """A text that is compared with a column exactly. A NUL is refused: PostgreSQL cannot take one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "trim_whitespace": False, "allow_blank": True} | options)


class Wanted(serializers.Serializer[IndexedEvent]):
    types = Asked(help_text="Types, separated by commas.")
    subject = Asked()
    source = Asked()  # type: ignore[assignment] # a serializer has an attribute of that name
    state = serializers.ChoiceField(choices=STATES, required=False, help_text="Of any of its deliveries.")
    text = Asked(allow_blank=False, max_length=LONGEST, help_text=SEARCHED)
    id = Asked(help_text="How the id begins.")


class Named(serializers.Serializer[IndexedEvent]):
    source = Asked()  # type: ignore[assignment] # a serializer has an attribute of that name


class Sought(Named):
    id = Asked()


class SeenEventsView(OperatorView):
    @extend_schema(
        operation_id="bus_events_list",
        parameters=[
            *Page.PARAMETERS[:1],
            OpenApiParameter("before", str, description="The `position` of the last event seen; older events follow."),
            Wanted,
            OpenApiParameter("since", MOMENT, description="An RFC 3339 time: events of that time and later ones."),
            OpenApiParameter("until", MOMENT, description="An RFC 3339 time: events of earlier times."),
        ],
        responses=SeenEvents,
    )
    def get(self, request: Request) -> Response:
        """The events in the log, newest first, each with its `position` and the state of its deliveries.

        If the log has more events than the index, the header `Index-Begins` is the time from which events are listed.
        With `text`, it is also set if a former release indexed events without their texts.
        """
        limit, asked = number_parameter(request, "limit", LIMIT), body_of(Wanted, request.query_params.dict())
        before = offsets(request.GET["before"], "before") if request.GET.get("before") else None
        types = frozenset(filter(None, asked.get("types", "").split(",")))
        wanted = Filter(
            types,
            asked.get("subject"),
            asked.get("source"),
            asked.get("state"),
            asked.get("text"),
            asked.get("id"),
            _time(request, "since"),
            _time(request, "until"),
        )
        window = Window.of(the_log())
        found = events(window, limit, before, wanted)
        shown, more = found[:limit], len(found) > limit
        link = {"Link": next_link(request, limit=limit, before=shown[-1].position)} if more else {}
        return Response(
            [event.as_json() for event in shown], headers=link | begins(window, searched=wanted.text is not None)
        )


def _time(request: Request, name: str) -> datetime | None:
    try:
        return instant(request.GET[name]) if name in request.GET else None
    except ValueError as error:
        raise ValidationError({name: "Must be an RFC 3339 time with its zone."}) from error


class SeenEventView(OperatorView):
    @extend_schema(parameters=[Named], responses=EventPath)
    def get(self, request: Request, event_id: str) -> Response:
        """One event, its deliveries to each subscription, and its chain.

        If the log has more events than the index, the header `Index-Begins` is the time from which events are known.
        """
        asked = body_of(Sought, request.query_params.dict() | {"id": event_id})
        window = Window.of(the_log())
        path = path_of(window, event_id, asked.get("source"), time.time())
        if path is None:
            since = begins(window).get("Index-Begins")
            older = f" Events before {since} are in the log and not in the index." if since else ""
            raise Http404(f"The log holds no event {event_id}.{older}")
        return Response(path.as_json(), headers=begins(window))
