"""The operator's doors: `/bus/…`."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eventbus import operating
from eventbus.answers import STATES, EventPath, Paused, Replay, ReplayPreview, SeenEvents, State, moment
from eventbus.delivery.loops import sign_of_life
from eventbus.inspection.event_path import path_of
from eventbus.inspection.events import Wish, events
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from eventbus.log.position import Offsets
from eventbus.models import Subscription
from eventbus.views.positions import offsets
from eventbus.views.signatures import Operator
from svc_chassis.web.fields import Text, body_of
from svc_chassis.web.paging import Page
from svc_chassis.web.tokens import BearerToken

FROM = f"`{operating.BEGINNING}`, a position (what follows it), or an RFC 3339 time."


class OperatorView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Operator]


def subscription_named(name: str) -> Subscription:
    """Raises Http404 in words for the operator."""
    found = Subscription.objects.filter(name=name).first()
    if found is None:
        raise Http404(f"There is no subscription {name}.")
    return found


def begins(window: Window) -> dict[str, str]:
    """The header `Index-Begins`, where the log has more than the index."""
    return {} if window.since is None else {"Index-Begins": moment(window.since)}


class PauseView(OperatorView):
    @extend_schema(request=None, responses=Paused)
    def post(self, request: Request, name: str) -> Response:
        """Send nothing more to this subscription until it is resumed."""
        operating.pause(subscription=subscription_named(name))
        return Response({"name": name, "state": "paused"})


class ResumeView(OperatorView):
    @extend_schema(request=None, responses=Paused)
    def post(self, request: Request, name: str) -> Response:
        """Go on from where it was paused."""
        operating.resume(subscription=subscription_named(name))
        sign_of_life(name)
        return Response({"name": name, "state": "active"})


class ReplayOrder(serializers.Serializer[Subscription]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` can't be written as an attribute.
        return {"from": Text(max_length=200)}


class ReplayView(OperatorView):
    @extend_schema(parameters=[OpenApiParameter("from", str, required=True, description=FROM)], responses=ReplayPreview)
    def get(self, request: Request, name: str) -> Response:
        """How many events a replay would send, of those in the index.

        Where the log has more, the header `Index-Begins` says from when on they are counted.
        """
        subscription = subscription_named(name)
        start, after = _start(request.GET.dict())
        window = Window.of(the_log())
        count = operating.preview(subscription=subscription, after=after, window=window)
        return Response({"name": name, "from": start, "events": count}, headers=begins(window))

    @extend_schema(request=ReplayOrder, responses=Replay)
    def post(self, request: Request, name: str) -> Response:
        """Deliver again from the beginning, a position (what follows it) or a time."""
        subscription = subscription_named(name)
        start, after = _start(request.data)
        operating.replay(subscription=subscription, after=after)
        sign_of_life(name)
        return Response({"name": name, "from": start})


def _start(asked: Any) -> tuple[str, Offsets]:
    start: str = body_of(ReplayOrder, asked)["from"]
    return start, offsets(start, "from", operating.starting_point)


class SeenEventsView(OperatorView):
    @extend_schema(
        operation_id="bus_events_list",
        parameters=[
            *Page.PARAMETERS[:1],
            OpenApiParameter("before", str, description="The `position` of the last one seen; what is older follows."),
            OpenApiParameter("types", str, description="Types, separated by commas."),
            OpenApiParameter("subject", str),
            OpenApiParameter("source", str),
            OpenApiParameter("state", str, enum=STATES, description="Of any of its deliveries."),
        ],
        responses=SeenEvents,
    )
    def get(self, request: Request) -> Response:
        """The events in the log, newest first, each with its `position` and what became of its deliveries.

        Where the log has more events than the index, the header `Index-Begins` says from when on they are listed.
        """
        page, asked = Page.of(request), request.GET
        before = offsets(page.before, "before") if page.before else None
        types = frozenset(filter(None, asked.get("types", "").split(",")))
        wish = Wish(types, asked.get("subject"), asked.get("source"), _state(asked.get("state")))
        window = Window.of(the_log())
        found = events(window, page.limit, before, wish)
        shown, more = found[: page.limit], len(found) > page.limit
        link = {"Link": page.next_link(request, shown[-1].position)} if more else {}
        return Response([event.as_json() for event in shown], headers=link | begins(window))


def _state(text: str | None) -> State | None:
    found = next((state for state in STATES if state == text), None)
    if text is not None and found is None:
        raise ValidationError({"state": f"Must be one of {', '.join(STATES)}."})
    return found


class SeenEventView(OperatorView):
    @extend_schema(parameters=[OpenApiParameter("source", str)], responses=EventPath)
    def get(self, request: Request, event_id: str) -> Response:
        """One event, what became of it at each subscription, and the chain it belongs to.

        Where the log has more events than the index, the header `Index-Begins` says from when on they are known.
        """
        window = Window.of(the_log())
        path = path_of(window, event_id, request.GET.get("source"))
        if path is None:
            since = begins(window).get("Index-Begins")
            older = f" Events before {since} are in the log and not in the index." if since else ""
            raise Http404(f"The log holds no event {event_id}.{older}")
        return Response(path.as_json(), headers=begins(window))
