"""Server-sent events: the view of a stream."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.sse.streams import Source, Stream, full

TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
SERVED = "svc_chassis.streams"
"""in the WSGI environment: the server sends streams"""

PARAMETERS = [
    OpenApiParameter(
        "Last-Event-ID",
        str,
        OpenApiParameter.HEADER,
        description="The last `id` received: later events follow, or `reset` if it is unknown.",
    )
]
RESPONSES: dict[Any, Any] = {
    (200, TYPE): OpenApiResponse(OpenApiTypes.STR, description="Frames of `id`, `event` and `data`."),
    204: OpenApiResponse(description="Too many streams are open, or the server can't send any: poll instead."),
}


class StreamResponse(HttpResponse):
    """The head of a stream. The server sends the pieces."""

    def __init__(self, stream: Stream | None) -> None:
        super().__init__(content_type=TYPE, headers=HEADERS)
        self.stream = stream


class StreamView(APIView):
    """A stream of `source`: subclass it with a `get` that says in its docstring what is told, and calls `stream`."""

    source: ClassVar[Source]

    def stream(self, request: Request) -> HttpResponseBase:
        """The stream; 204 if this process has reached its limit, or the server can't send streams."""
        if request.method == "HEAD":
            return StreamResponse(None)
        if full() or not request.META.get(SERVED):
            return Response(status=204)
        return StreamResponse(Stream(self.source, request.headers.get("Last-Event-ID")))
