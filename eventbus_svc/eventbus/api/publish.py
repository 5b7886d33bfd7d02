"""`POST /events`: publish one event or a batch. `GET` at the same URL reads the history."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import MayRead, PeerSignature
from eventbus.api.history import History
from eventbus.contracts import BY_TYPE
from eventbus.log.open import the_log
from eventbus.log.port import Conflict, Full, WrongLog
from eventbus.pruning import kept_since
from eventbus.publishing import publish
from eventbus.schemas import moment
from svc_chassis.events.authentication import SignedOrAllowed
from svc_chassis.events.parsing import EVENT_PARSERS, envelopes
from svc_chassis.events.plain import is_plain, stamped
from svc_chassis.web.problems import problem
from svc_chassis.web.tokens import BearerToken

RETRY_AFTER = {"Retry-After": "1"}


class EventsView(History):
    parser_classes = EVENT_PARSERS
    throttle_classes = []

    def get_authenticators(self) -> list[Any]:
        reads = self.request is not None and self.request.method == "GET"
        return [PeerSignature(), BearerToken()] if reads else [PeerSignature()]

    def get_permissions(self) -> list[Any]:
        return [MayRead()] if self.request.method == "GET" else [SignedOrAllowed()]

    @extend_schema(
        operation_id="publish_events",
        request={"application/cloudevents+json": {"type": "object"}},
        parameters=[OpenApiParameter("Log-Id", str, OpenApiParameter.HEADER, description="The log id expected.")],
        responses={200: OpenApiResponse({"type": "object"}), 412: OpenApiResponse({"type": "object"})},
    )
    def post(self, request: Request) -> Response | HttpResponse:
        """Store one event or a batch, all or none. The response follows the declared durability of the log.

        With a durable log, the response to an empty batch has `keptSince`: events stored before that time have left the
        log, and will not be delivered any more.
        """
        body, log = request.data, the_log()
        if request.user is None and is_plain(body):
            body = stamped(body, BY_TYPE.get)
        events = envelopes(body)
        holder: Any = request.user
        sender = holder.name if holder else None
        try:
            bodies = body if isinstance(body, list) else [body]
            appended = publish(events, bodies, sender, request.headers.get("Log-Id"))
        except WrongLog as error:
            return problem(412, str(error), logId=log.log_id)
        except Conflict as error:
            return problem(409, str(error))
        except Full as error:
            return problem(429, str(error), headers=RETRY_AFTER)
        answer = {
            "logId": appended.log_id,
            "durability": log.durability,
            "accepted": appended.accepted,
            "duplicates": appended.duplicates,
        }
        asks = not events and log.durability != "memory"
        return Response(answer | {"keptSince": moment(kept_since(log))} if asks else answer)
