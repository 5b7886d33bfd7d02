"""What could not be applied, and what the operator decides about it."""

import orjson
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus import operating
from eventbus.answers import Count, DeadLetters, Settled
from eventbus.delivery.loops import sign_of_life
from eventbus.models import Parked, Subscription
from eventbus.selectors import dead_letters
from eventbus.views.operating import OperatorView
from svc_chassis.http.fields import Text, body_of

ACTIONS = {"retry": operating.retry, "discard": operating.discard}


class DeadLettersView(OperatorView):
    @extend_schema(responses=DeadLetters)
    def get(self, request: Request) -> Response:
        """What could not be applied, why, since when, and what waits behind it."""
        return Response([letter.as_json() for letter in dead_letters()])


class Selection(serializers.Serializer[Subscription]):
    subscription = Text(max_length=64, required=False, help_text="All subscriptions' if not given.")


class AllDeadLettersView(OperatorView):
    """`retry` or `discard`, as the URL says."""

    @extend_schema(operation_id="bus_dead_letters_all", request=Selection, responses=Count)
    def post(self, request: Request, action: str) -> Response:
        """Try all of them once more, or give them up for good."""
        letters = Parked.objects.filter(dead=True)
        if name := body_of(Selection, request.data).get("subscription"):
            letters = letters.filter(lane__subscription=get_object_or_404(Subscription, name=name))
        names = set(letters.values_list("lane__subscription", flat=True))
        count = ACTIONS[action](letters=letters)
        for name in names:
            sign_of_life(name)
        return Response({"count": count})


class DeadLetterView(OperatorView):
    """`retry` or `discard`, as the URL says."""

    @extend_schema(request=None, responses=Settled)
    def post(self, request: Request, letter_id: int, action: str) -> Response:
        """Try it once more, or give it up for good."""
        letter = get_object_or_404(Parked.objects.select_related("lane"), pk=letter_id, dead=True)
        ACTIONS[action](letters=Parked.objects.filter(pk=letter.pk))
        sign_of_life(letter.lane.subscription_id)
        return Response({"id": letter_id, "event": orjson.loads(bytes(letter.body)), "action": action})
