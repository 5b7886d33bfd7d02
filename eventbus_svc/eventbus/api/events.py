"""`/bus/events`: the events in the log, and the path of one."""

import time
from datetime import datetime

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import RootModel
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.api.index import begins
from eventbus.api.positions import offsets
from eventbus.inspection import index
from eventbus.inspection.event_path import EventPath, path_of
from eventbus.inspection.events import Filter, SeenEvent, events
from eventbus.inspection.states import STATES, State
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from svc_chassis.events.attributes import instant
from svc_chassis.web.paging import Page

LONGEST = 200
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST}
MOMENT = {"type": "string", "format": "date-time"}
SEARCHED = (
    f"What the payload's texts contain, in upper or lower case. Of each text the first {index.TEXT} characters are "
    f"searched, of a whole payload {index.TEXTS} bytes."
)


class SeenEvents(RootModel[list[SeenEvent]]):
    pass


class SeenEventsView(OperatorView):
    @extend_schema(
        operation_id="bus_events_list",
        parameters=[
            *Page.PARAMETERS[:1],
            OpenApiParameter("before", str, description="The `position` of the last event seen; older events follow."),
            OpenApiParameter("types", str, description="Types, separated by commas."),
            OpenApiParameter("subject", str),
            OpenApiParameter("source", str),
            OpenApiParameter("state", str, enum=STATES, description="Of any of its deliveries."),
            OpenApiParameter("text", TEXT, description=SEARCHED),
            OpenApiParameter("id", str, description="How the id begins."),
            OpenApiParameter("since", MOMENT, description="An RFC 3339 time: events of that time and later ones."),
            OpenApiParameter("until", MOMENT, description="An RFC 3339 time: events of earlier times."),
        ],
        responses=SeenEvents,
    )
    def get(self, request: Request) -> Response:
        """The events in the log, newest first, each with its `position` and the state of its deliveries.

        Where the log has more events than the index, the header `Index-Begins` says from when on they are listed.
        """
        page, asked = Page.of(request), request.GET
        before = offsets(page.before, "before") if page.before else None
        types = frozenset(filter(None, asked.get("types", "").split(",")))
        wanted = Filter(
            types,
            asked.get("subject"),
            asked.get("source"),
            _state(asked.get("state")),
            _text(asked.get("text")),
            asked.get("id"),
            _time(request, "since"),
            _time(request, "until"),
        )
        window = Window.of(the_log())
        found = events(window, page.limit, before, wanted)
        shown, more = found[: page.limit], len(found) > page.limit
        link = {"Link": page.next_link(request, shown[-1].position)} if more else {}
        return Response([event.as_json() for event in shown], headers=link | begins(window))


def _state(text: str | None) -> State | None:
    found = next((state for state in STATES if state == text), None)
    if text is not None and found is None:
        raise ValidationError({"state": f"Must be one of {', '.join(STATES)}."})
    return found


def _text(text: str | None) -> str | None:
    if text is not None and not 1 <= len(text) <= LONGEST:
        raise ValidationError({"text": f"Must have 1 to {LONGEST} characters."})
    return text


def _time(request: Request, name: str) -> datetime | None:
    try:
        return instant(request.GET[name]) if name in request.GET else None
    except ValueError as error:
        raise ValidationError({name: "Must be an RFC 3339 time with its zone."}) from error


class SeenEventView(OperatorView):
    @extend_schema(parameters=[OpenApiParameter("source", str)], responses=EventPath)
    def get(self, request: Request, event_id: str) -> Response:
        """One event, its deliveries to each subscription, and its chain.

        Where the log has more events than the index, the header `Index-Begins` says from when on they are known.
        """
        window = Window.of(the_log())
        path = path_of(window, event_id, request.GET.get("source"), time.time())
        if path is None:
            since = begins(window).get("Index-Begins")
            older = f" Events before {since} are in the log and not in the index." if since else ""
            raise Http404(f"The log holds no event {event_id}.{older}")
        return Response(path.as_json(), headers=begins(window))
