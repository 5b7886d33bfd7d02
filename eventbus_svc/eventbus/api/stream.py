"""`GET /bus/stream`: what happens in the bus, as it happens."""

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
        """What happens in the bus, as it happens.

        `published` with each event's `id`, `type`, `source`, `subject`, `time`, `correlationid` and `position`;
        `delivered` with each attempt's `subscription`, `count`, first 20 `events`, `status`, `latencyMs` and `error`,
        once for the events that settled and once for each error of those that did not;
        `subscriptions` as `GET /bus/subscriptions` answers, and `faults` as `GET /bus/faults`, at first and when they
        changed; `reset` where something was missed.
        """
        return self.stream(request)
