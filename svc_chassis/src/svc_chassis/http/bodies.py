"""Bodies are bounded before they are read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from svc_chassis.http.problems import problem


class BodyLimit:
    """Refuses a body that says it is too long (413), or does not say how long it is (411)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = settings.EVENTS_BODY_LIMIT if request.path == "/events" else settings.BODY_LIMIT
        length = request.META.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return problem(411, "Send the body with a Content-Length, not chunked.")
        if not length.isdecimal():
            return problem(400, "The Content-Length is not a number.")
        if int(length) > limit:
            return problem(413, f"The body is longer than {limit} bytes.")
        return self._get_response(request)
