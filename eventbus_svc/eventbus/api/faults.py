"""`/bus/faults`: faults of deliveries, on purpose."""

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from pydantic import ValidationError as Violation
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.delivery.faults import Faults, faults, set_faults
from svc_chassis.audit.trail import REASON, audited
from svc_chassis.web.problems import contract_errors


class FaultsView(OperatorView):
    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not settings.EVENTBUS_FAULTS_ENABLED:
            raise Http404("Fault injection is off: set EVENTBUS_FAULTS_ENABLED.")

    @extend_schema(responses=Faults)
    def get(self, request: Request) -> Response:
        """The present faults."""
        return Response(faults().as_json())

    @extend_schema(parameters=[REASON], request=Faults, responses=Faults)
    def put(self, request: Request) -> Response:
        """Set the faults, in every process of the bus. They hold until they are set again; zeros end them."""
        try:
            asked = Faults.model_validate(request.data, strict=True)
        except Violation as error:
            found = contract_errors(error)
            raise ValidationError({field["field"] or "body": [field["detail"]] for field in found}) from error
        with audited(request, "faults", **asked.as_json()):
            set_faults(asked)
        return Response(asked.as_json())
