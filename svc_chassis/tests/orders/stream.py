"""What was ordered, as it is ordered."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from svc_chassis.sse import view as sse
from svc_chassis.sse.feed import Feed, Frame, Position


class Orders:
    feed = Feed()
    feed.restart(Position("orders", 0))

    def now(self) -> Position:
        return self.feed.end

    def greeting(self) -> list[tuple[str, Any]]:
        return []

    def since(self, known: Position) -> list[Frame] | None:
        return self.feed.since(known)


class StreamView(sse.StreamView):
    source = Orders()

    @extend_schema(parameters=sse.PARAMETERS, responses=sse.RESPONSES)
    def get(self, request: Request) -> Any:
        return self.stream(request)
