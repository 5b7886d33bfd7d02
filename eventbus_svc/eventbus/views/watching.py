"""The operator's live picture."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from eventbus.views.operating import OperatorView
from eventbus.watching import PICTURE
from svc_chassis.http import sse


class BusStreamView(OperatorView, sse.StreamView):
    source = PICTURE

    @extend_schema(parameters=sse.PARAMETERS, responses=sse.RESPONSES)
    def get(self, request: Request) -> HttpResponseBase:
        """What happens in the bus, as it happens.

        `published` with each event's `id`, `type`, `source`, `subject`, `time`, `correlationid` and `position`;
        `delivered` with each attempt's `subscription`, `count`, first 20 `events`, `status`, `latencyMs` and `error`;
        `subscriptions` as `GET /bus/subscriptions` answers, at first and when they changed; `reset` where something
        was missed.
        """
        return self.stream(request)
