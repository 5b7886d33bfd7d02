"""One shape for all errors: RFC 9457 problem+json, with `errors: [{field, detail}]` for invalid fields."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from pydantic import ValidationError as ContractViolation
from rest_framework import exceptions
from rest_framework.views import set_rollback

from svc_chassis.web import hosts

log = logging.getLogger(__name__)

Fields = list[dict[str, str]]


class Unavailable(OperationalError):
    """A server beside the database that is needed does not answer; which one, and why, stands in the message."""


def problem(
    status: int, detail: str, errors: Fields | None = None, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """A problem+json response; `more` are extension members."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    if errors:
        body["errors"] = errors
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json", headers=headers)


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: a problem, or None for a bug, which Django answers with 500."""
    set_rollback()
    match error:
        case exceptions.ValidationError():
            fields = list(_fields(error.detail))
            return problem(400, "; ".join(f"{f['field']}: {f['detail']}" for f in fields), fields)
        case exceptions.APIException():
            members = getattr(error, "members", {})
            return problem(error.status_code, str(error.detail), headers=_headers(error), **members)
        case Http404():
            return problem(404, str(error) or "Not found.")
        case PermissionDenied():
            return problem(403, str(error) or "Not allowed.")
        case Unavailable():
            log.error("unavailable: %s", error)
            return problem(503, str(error), headers={"Retry-After": "1"})
        case _ if database_failed(error):
            log.error("database unavailable: %s", error)
            return problem(503, "The database is not available.", headers={"Retry-After": "1"})
    return None


def database_failed(error: Exception) -> bool:
    """Whether the database failed (gone, locked, full or damaged), and not the query."""
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def contract_errors(error: ContractViolation, prefix: str = "") -> Fields:
    """pydantic's errors in our shape, without the invalid values."""
    return [
        {"field": ".".join(filter(None, [prefix, *map(str, found["loc"])])), "detail": found["msg"]}
        for found in error.errors(include_input=False, include_url=False, include_context=False)
    ]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(404, f"Not found: {request.path}")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return problem(400, hosts.refusal(request))
    return problem(400, "The request is malformed.")


def server_error(request: HttpRequest) -> HttpResponse:
    return problem(500, "Internal error: see the log of this service.")


def safe(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers GET and HEAD; any other method is a 405 problem."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return problem(405, f'Method "{request.method}" not allowed.', headers={"Allow": "GET, HEAD"})
        return view(request)

    return guarded


def _fields(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    match detail:
        case dict():
            for key, value in detail.items():
                yield from _fields(value, path if key == "non_field_errors" else f"{path}.{key}".lstrip("."))
        case list():
            for value in detail:
                yield from _fields(value, path)
        case _:
            yield {"field": path or "body", "detail": str(detail)}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
