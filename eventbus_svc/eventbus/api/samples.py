"""`/bus/samples`: the last hour of each subscription."""

import time

from drf_spectacular.utils import extend_schema
from pydantic import RootModel
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.inspection.samples import SampledSubscription, samples


class SampledSubscriptions(RootModel[list[SampledSubscription]]):
    pass


class SamplesView(OperatorView):
    @extend_schema(responses=SampledSubscriptions)
    def get(self, request: Request) -> Response:
        """Each minute of the last hour, for each subscription: settled events, lag, latency of deliveries.

        `unsent` is the number of events in the service's outbox.
        """
        return Response([each.as_json() for each in samples(time.time())])
