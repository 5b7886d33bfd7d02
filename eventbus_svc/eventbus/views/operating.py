"""The operator's doors: `/bus/…`."""

from typing import Any

import orjson
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eventbus import operating
from eventbus.delivery.loops import sign_of_life
from eventbus.log import position, the_log
from eventbus.models import Parked, Subscription
from eventbus.selectors import dead_letters, events
from eventbus.tracing import path_of
from svc_chassis.http.fields import Text, body_of
from svc_chassis.http.paging import Page
from svc_chassis.http.tokens import BearerToken, Operator

OBJECT, ARRAY = OpenApiResponse({"type": "object"}), OpenApiResponse({"type": "array", "items": {"type": "object"}})


class OperatorView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Operator]


class PauseView(OperatorView):
    @extend_schema(request=None, responses=OBJECT)
    def post(self, request: Request, name: str) -> Response:
        """Send nothing more to this subscription until it is resumed."""
        operating.pause(subscription=get_object_or_404(Subscription, name=name))
        return Response({"name": name, "state": "paused"})


class ResumeView(OperatorView):
    @extend_schema(request=None, responses=OBJECT)
    def post(self, request: Request, name: str) -> Response:
        """Go on from where it was paused."""
        operating.resume(subscription=get_object_or_404(Subscription, name=name))
        sign_of_life(name)
        return Response({"name": name, "state": "active"})


class ReplayOrder(serializers.Serializer[Subscription]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` can't be written as an attribute.
        return {"from": Text(max_length=200)}


class ReplayView(OperatorView):
    @extend_schema(request=ReplayOrder, responses=OBJECT)
    def post(self, request: Request, name: str) -> Response:
        """Deliver again from the beginning, a position (what follows it) or a time."""
        subscription = get_object_or_404(Subscription, name=name)
        start = body_of(ReplayOrder, request.data)["from"]
        try:
            after = operating.starting_point(start, the_log())
        except ValueError as error:
            raise ValidationError({"from": str(error)}) from error
        operating.replay(subscription=subscription, after=after)
        sign_of_life(name)
        return Response({"name": name, "from": start})


class SeenEventsView(OperatorView):
    @extend_schema(
        parameters=[
            *Page.PARAMETERS,
            OpenApiParameter("types", str, description="Types, separated by commas."),
            OpenApiParameter("subject", str),
            OpenApiParameter("source", str),
        ],
        responses=ARRAY,
    )
    def get(self, request: Request) -> Response:
        """The events in the log, newest first, each with its `position`."""
        page, asked = Page.of(request), request.GET
        try:
            before = position.parse(page.before, the_log()) if page.before else None
        except ValueError as error:
            raise ValidationError({"before": str(error)}) from error
        types = set(filter(None, asked.get("types", "").split(",")))
        found = events(
            the_log(), page.limit, before, types=types, subject=asked.get("subject"), source=asked.get("source")
        )
        more = len(found) > page.limit
        link = {"Link": page.next_link(request, found[page.limit - 1]["position"])} if more else {}
        return Response(found[: page.limit], headers=link)


class SeenEventView(OperatorView):
    @extend_schema(parameters=[OpenApiParameter("source", str)], responses=OBJECT)
    def get(self, request: Request, event_id: str) -> Response:
        """One event, what became of it at each subscription, and the chain it belongs to."""
        path = path_of(the_log(), event_id, request.GET.get("source"))
        if path is None:
            raise Http404(f"The log holds no event {event_id}.")
        return Response(path)


class DeadLettersView(OperatorView):
    @extend_schema(responses=ARRAY)
    def get(self, request: Request) -> Response:
        """What could not be applied, why, since when, and what waits behind it."""
        return Response(dead_letters())


class DeadLetterView(OperatorView):
    """`retry` or `discard`, as the URL says."""

    @extend_schema(request=None, responses=OBJECT)
    def post(self, request: Request, letter_id: int, action: str) -> Response:
        """Try it once more, or give it up for good."""
        letter = get_object_or_404(Parked.objects.select_related("lane"), pk=letter_id, dead=True)
        {"retry": operating.retry, "discard": operating.discard}[action](letter=letter)
        sign_of_life(letter.lane.subscription_id)
        return Response({"id": letter_id, "event": orjson.loads(bytes(letter.body)), "action": action})
