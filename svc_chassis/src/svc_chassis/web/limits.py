"""Limits of request bodies, checked before a body is read."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from svc_chassis.web.problems import problem


class Request(WSGIRequest):
    """Django's, but made whatever the Content-Type is: one that can't be read is "" (Django raises ValueError)."""

    def _set_content_type_params(self, meta: Mapping[str, str]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = Request


def refusal(path: str, meta: Mapping[str, Any]) -> HttpResponse | None:
    """Why a body is not read: too long (413), or it does not say how long (411)."""
    limit = settings.EVENTS_BODY_LIMIT if path == "/events" else settings.BODY_LIMIT
    length = meta.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in meta:
        return problem(411, "Send the body with a Content-Length, not chunked.")
    if not re.fullmatch(r"[0-9]+", length):
        return problem(400, "The Content-Length is not a number.")
    if len(length.lstrip("0")) > len(str(limit)) or int(length[-20:]) > limit:
        return problem(413, f"The body is longer than {limit} bytes.")
    return None


class BodyLimit:
    """Refuses bodies that are not read, and one whose type can't be read (415)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if refused := refusal(request.path, request.META):
            return refused
        if request.META.get("CONTENT_TYPE", "").strip() and not request.content_type:
            return problem(415, "The Content-Type can't be read.")
        return self._get_response(request)
