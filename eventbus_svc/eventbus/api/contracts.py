"""`GET /bus/contracts`: each declared event."""

from inspect import getdoc
from typing import Any

from drf_spectacular.utils import extend_schema
from pydantic import Field, RootModel
from rest_framework.request import Request
from rest_framework.response import Response

from eventbus.api.auth import OperatorView
from eventbus.contracts import ALL
from eventbus.models import Subscription
from eventbus.schemas import Schema
from svc_chassis.events.event import CloudEvent, example


class Contract(Schema):
    """The contract of an event, and its subscriptions."""

    type: str
    publisher: str
    consumers: list[str]
    """The names of its subscriptions."""
    version: int
    description: str
    schema_: dict[str, Any] = Field(alias="schema")
    """JSON Schema of the payload."""
    example: CloudEvent


class Contracts(RootModel[list[Contract]]):
    pass


class ContractsView(OperatorView):
    @extend_schema(responses=Contracts)
    def get(self, request: Request) -> Response:
        """Each declared event: its schema, an example, its publisher and its subscriptions."""
        return Response([contract.as_json() for contract in contracts()])


def contracts() -> list[Contract]:
    subscriptions = list(Subscription.objects.order_by("name").values_list("name", "types"))
    return [
        Contract(
            type=contract.event_type(),
            publisher=contract.publisher,
            consumers=[name for name, types in subscriptions if contract.event_type() in types],
            version=contract.schema_version,
            description=getdoc(contract) or "",
            schema=contract.model_json_schema(by_alias=True),
            example=CloudEvent.model_construct(**example(contract)),
        )
        for contract in ALL
    ]
