"""`POST /events`: the door through which a service hears of what the others did."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.events.event import BATCH_LIMIT, BATCH_TYPE, CloudEvent, Violation, parse
from svc_chassis.events.plain import check_payload, check_publisher, is_plain, stamped
from svc_chassis.events.signing import BadSignature, claimed_sender, verify
from svc_chassis.inbox.apply import apply_batch
from svc_chassis.inbox.handlers import contract_of
from svc_chassis.web.json import JSONParser
from svc_chassis.web.problems import contract_errors, problem
from svc_chassis.web.tokens import Role

BUS = "eventbus"


class CloudEventParser(JSONParser):
    media_type = "application/cloudevents+json"


class CloudEventBatchParser(JSONParser):
    media_type = BATCH_TYPE


EVENT_PARSERS = [JSONParser, CloudEventParser, CloudEventBatchParser]


class Signature(BaseAuthentication):
    """`request.user` is the service that signed, or None where `EVENTS_ALLOW_UNSIGNED` lets nobody sign."""

    def keys_of(self, sender: str) -> list[str]:
        keys: list[str] = settings.EVENTS_KEYS
        return keys if sender == BUS else []

    def authenticate(self, request: Request) -> tuple[Role, None] | None:
        sender = claimed_sender(request.headers)
        if not sender:
            return None
        try:
            verify(request._request.body, request.headers, self.keys_of(sender))
        except BadSignature as error:
            raise AuthenticationFailed(str(error)) from error
        return Role(sender), None

    def authenticate_header(self, request: Request) -> str:
        return 'StandardWebhooks realm="events"'


class SignedOrAllowed(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None and not settings.EVENTS_ALLOW_UNSIGNED:
            raise NotAuthenticated("Sign this request (Standard Webhooks), or set EVENTS_ALLOW_UNSIGNED=1.")
        return True


def envelopes(body: Any) -> list[CloudEvent]:
    """The request's events. Raises ValidationError, which names the field, if any of them is malformed."""
    if isinstance(body, list) and len(body) > BATCH_LIMIT:
        raise ValidationError(f"A batch has at most {BATCH_LIMIT} events; this one has {len(body)}.")
    try:
        return parse(body)
    except Violation as error:
        fields = contract_errors(error)
        if not isinstance(body, list):
            fields = [found | {"field": found["field"].removeprefix("0").lstrip(".") or "body"} for found in fields]
        raise ValidationError({found["field"]: [found["detail"]] for found in fields}) from error


class EventsView(APIView):
    """Takes one event or a batch, applies each exactly once, and says what became of each."""

    authentication_classes = [Signature]
    permission_classes = [SignedOrAllowed]
    parser_classes = EVENT_PARSERS
    throttle_classes = []

    @extend_schema(
        operation_id="receive_events",
        request={"application/cloudevents+json": {"type": "object"}},
        responses={200: OpenApiResponse({"type": "object"}, description="What became of each event.")},
    )
    def post(self, request: Request) -> Response | HttpResponse:
        """From the bus, signed; where `EVENTS_ALLOW_UNSIGNED` is on, from a foreign bus too, also as `{type, data}`."""
        body, signed, plain = request.data, request.user is not None, False
        if not signed and is_plain(body):
            body, plain = stamped(body, contract_of), True
        events = envelopes(body)
        if not signed:
            _check(events, payloads=plain)
        results = apply_batch(events)
        if plain and results[0].error:
            return problem(422, results[0].error)  # its sender reads statuses, not results
        return Response({"results": [result.as_json() for result in results]})


def _check(events: list[CloudEvent], payloads: bool) -> None:
    """What our bus checks before it signs. Raises PermissionDenied, or ValidationError for a payload."""
    for event in events:
        if contract := contract_of(event.type):
            check_publisher(event, contract)
            if payloads:
                check_payload(event, contract)


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "svc_chassis.inbox.door.Signature"
    name = "signature"
    match_subclasses = True

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks",
        }
