from django.db import transaction
from orders.events import OrderPlaced
from orders.models import Entry
from orders.stream import Orders
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.idempotency.idempotent import idempotent
from svc_chassis.outbox.publish import publish
from svc_chassis.web.fields import Text, body_of
from svc_chassis.web.keeping import keep
from svc_chassis.web.tokens import BearerToken, HasRole


class Operator(HasRole):
    role = "operator"


class Moderator(HasRole):
    role = "moderator"


class NewOrder(serializers.Serializer[Entry]):
    id = Text(max_length=200)
    item = Text(max_length=100_000)


@transaction.atomic
def place(*, id: str, item: str, version: int = 1) -> None:
    Entry.objects.create(subject=id, text=item)
    publish(OrderPlaced(id=id, item=item, version=version))
    transaction.on_commit(lambda: Orders.feed.put("order", {"item": item}))


class OrdersView(APIView):
    def get(self, request: Request) -> Response:
        return keep(Response([entry.text for entry in Entry.objects.order_by("pk")]))

    @idempotent
    def post(self, request: Request) -> Response:
        place(**body_of(NewOrder, request.data))
        return Response({}, status=201)


class BrokenView(APIView):
    def get(self, request: Request) -> Response:
        raise RuntimeError("a bug")


class OperatorView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Operator]

    def get(self, request: Request) -> Response:
        return Response({"role": request.user.name})


class ModeratorView(OperatorView):
    permission_classes = [Moderator]
