"""Server-sent events: the view of a stream."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.sse.streams import Source, admit

TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

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
    204: OpenApiResponse(description="Too many streams are open: poll instead."),
}


class StreamView(APIView):
    """A stream of `source`: subclass it with a `get` that says in its docstring what is told, and calls `stream`."""

    source: ClassVar[Source]

    def stream(self, request: Request) -> HttpResponseBase:
        """The stream, or 204 if this process has reached its limit."""
        if request.method == "HEAD":
            return HttpResponse(content_type=TYPE, headers=HEADERS)
        stream = admit(self.source, request.META.get("gunicorn.socket"))
        if stream is None:
            return Response(status=204)
        try:
            stream.begin(request.headers.get("Last-Event-ID"))
        except BaseException:
            stream.close()
            raise
        return StreamingHttpResponse(stream, content_type=TYPE, headers=HEADERS)
