"""What the operator looks at: the live picture, the contracts, and the faults made on purpose."""

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from pydantic import ValidationError as Violation
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.answers import Contracts, Faults
from eventbus.delivery.faults import faults, set_faults
from eventbus.selectors import contracts
from eventbus.views.operating import OperatorView
from eventbus.watching import PICTURE
from svc_chassis.sse import view as sse
from svc_chassis.web.problems import contract_errors


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


class ContractsView(OperatorView):
    @extend_schema(responses=Contracts)
    def get(self, request: Request) -> Response:
        """Each event there is: its schema, an example, who publishes it and who orders it now."""
        return Response([contract.as_json() for contract in contracts()])


class FaultsView(OperatorView):
    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not settings.EVENTBUS_FAULTS_ENABLED:
            raise Http404("Faults can't be made here: EVENTBUS_FAULTS_ENABLED is off.")

    @extend_schema(responses=Faults)
    def get(self, request: Request) -> Response:
        """How deliveries are made to fare."""
        return Response(faults().as_json())

    @extend_schema(request=Faults, responses=Faults)
    def put(self, request: Request) -> Response:
        """Make deliveries fare badly, or, with zeros, well again. A restart of the bus heals it, too."""
        try:
            asked = Faults.model_validate(request.data, strict=True)
        except Violation as error:
            found = contract_errors(error)
            raise ValidationError({field["field"] or "body": [field["detail"]] for field in found}) from error
        set_faults(asked)
        PICTURE.faults_changed()
        return Response(asked.as_json())
