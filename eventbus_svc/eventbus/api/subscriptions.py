"""Subscriptions: of services, by heartbeat, and `/bus/subscriptions` for the operator."""

import time
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import RootModel
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eventbus.api.auth import OperatorView, PeerSignature, SignedAsItself
from eventbus.api.index import begins
from eventbus.delivery.attempts import heard
from eventbus.delivery.supervisor import retry_now
from eventbus.inspection.subscriptions import SubscriptionState, subscriptions
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from eventbus.models import Subscription
from eventbus.schemas import Schema
from eventbus.subscriptions import pause, resume, subscribe, unsubscribe
from svc_chassis.audit.trail import REASON, audited
from svc_chassis.events.event import BATCH_LIMIT
from svc_chassis.outbox.bus_client import UNSENT
from svc_chassis.web.fields import Text, Whole, body_of


class Identifier(serializers.UUIDField):
    """A UUID as a JSON string."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class SubscriptionOptions(serializers.Serializer[Subscription]):
    url = Text(max_length=2000)
    types = serializers.ListField(child=Text(max_length=255), max_length=100)
    batchSize = Whole(source="batch_size", min_value=1, max_value=BATCH_LIMIT, default=BATCH_LIMIT)
    format = serializers.ChoiceField(Subscription.Format.values, default=Subscription.Format.BATCH)
    catchUp = serializers.ChoiceField(Subscription.CatchUp.values, source="catch_up", default=Subscription.CatchUp.BUS)
    inboxId = Identifier(source="inbox_id", allow_null=True, default=None)

    def validate_url(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise serializers.ValidationError("This is not a URL.") from error
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise serializers.ValidationError("Must be an http or https URL without a user.")
        if host not in settings.EVENTBUS_ALLOWED_HOSTS:
            raise serializers.ValidationError(f"{host} is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS).")
        return url


ANSWER = OpenApiResponse({"type": "object", "properties": {"logId": {"type": "string"}}})


class Paused(Schema):
    name: str
    state: Literal["active", "paused"]


class Subscriptions(RootModel[list[SubscriptionState]]):
    pass


class HeartbeatView(APIView):
    """`PUT /subscriptions/<name>`, which every service sends every few seconds."""

    authentication_classes = [PeerSignature]
    permission_classes = [SignedAsItself]
    throttle_classes = []

    @extend_schema(
        parameters=[
            OpenApiParameter(UNSENT, int, "header", description="How many events wait in the service's outbox.")
        ],
        request=SubscriptionOptions,
        responses=ANSWER,
    )
    def put(self, request: Request, name: str) -> Response:
        """Register or renew a subscription. If `logId` in the response has changed, publish the outbox again."""
        subscribe(name=name, options=body_of(SubscriptionOptions, request.data))
        heard(name, unsent=_unsent(request.headers.get(UNSENT, "")), unsent_at=time.time())
        retry_now(name)
        return Response({"logId": the_log().log_id})


def _unsent(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


class SubscriptionsView(OperatorView):
    @extend_schema(responses=Subscriptions)
    def get(self, request: Request) -> Response:
        """Every subscription with its cursor, its state, and its last error.

        If the log has more events than the index, the header `Index-Begins` is the time from which `lag` counts.
        """
        window = Window.of(the_log())
        states = subscriptions(window, time.time())
        return Response([state.as_json() for state in states], headers=begins(window))


class SubscriptionView(OperatorView):
    @extend_schema(parameters=[REASON], request=SubscriptionOptions, responses=ANSWER)
    def put(self, request: Request, name: str) -> Response:
        """Register a subscription for a service that sends no heartbeat."""
        options = body_of(SubscriptionOptions, request.data)
        with audited(request, "subscribe", name, url=options["url"], types=options["types"]):
            subscription = subscribe(name=name, options=options, replace_types=True)
        retry_now(name)
        answer: dict[str, Any] = {"name": name, **subscription.as_json(), "logId": the_log().log_id}
        return Response(answer)

    @extend_schema(parameters=[REASON], responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        """Remove a subscription. A service that still sends heartbeats registers it again."""
        with audited(request, "unsubscribe", name):
            unsubscribe(subscription=subscription_named(name))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PauseView(OperatorView):
    @extend_schema(parameters=[REASON], request=None, responses=Paused)
    def post(self, request: Request, name: str) -> Response:
        """Stop deliveries to this subscription until it is resumed."""
        with audited(request, "pause", name):
            pause(subscription=subscription_named(name))
        return Response({"name": name, "state": "paused"})


class ResumeView(OperatorView):
    @extend_schema(parameters=[REASON], request=None, responses=Paused)
    def post(self, request: Request, name: str) -> Response:
        """Continue deliveries from where they were paused."""
        with audited(request, "resume", name):
            resume(subscription=subscription_named(name))
        retry_now(name)
        return Response({"name": name, "state": "active"})


def subscription_named(name: str) -> Subscription:
    """Raises Http404."""
    found = Subscription.objects.filter(name=name).first()
    if found is None:
        raise Http404(f"There is no subscription {name}.")
    return found
