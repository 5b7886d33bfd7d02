"""`POST /events`: where a service receives the events of others."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.events.authentication import Signature, SignedOrAllowed
from svc_chassis.events.event import CloudEvent
from svc_chassis.events.parsing import EVENT_PARSERS, envelopes
from svc_chassis.events.plain import check_payload, check_publisher, is_plain, stamped
from svc_chassis.inbox.apply import apply_batch
from svc_chassis.inbox.handlers import contract_of
from svc_chassis.web.problems import problem


class EventsView(APIView):
    """Takes one event or a batch, applies each exactly once, and says what became of each."""

    authentication_classes = [Signature]
    permission_classes = [SignedOrAllowed]
    parser_classes = EVENT_PARSERS
    throttle_classes = []

    @extend_schema(
        operation_id="receive_events",
        request={"application/cloudevents+json": {"type": "object"}},
        responses={200: OpenApiResponse({"type": "object"}, description="The result of each event.")},
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
