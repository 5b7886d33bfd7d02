"""`GET /bus/stream`: publishes, deliveries and changes, live."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from eventbus.api.auth import OperatorView
from eventbus.inspection.live import PICTURE
from svc_chassis.sse import view as sse


class BusStreamView(OperatorView, sse.StreamView):
    source = PICTURE

    @extend_schema(parameters=sse.PARAMETERS, responses=sse.RESPONSES)
    def get(self, request: Request) -> HttpResponseBase:
        """Publishes, deliveries and changes of the bus, live.

        `published` with each event's `id`, `type`, `source`, `subject`, `time`, `correlationid` and `position`, and in
        `data` the beginnings of its payload's texts;
        `delivered` with each attempt's `subscription`, `count`, first 20 `events`, `status`, `latencyMs` and `error`,
        once for the settled events and once for each error of the others;
        `subscriptions` as in `GET /bus/subscriptions`, and `faults` as in `GET /bus/faults`, at first and after each
        change; `reset` if frames were missed.
        """
        return self.stream(request)
