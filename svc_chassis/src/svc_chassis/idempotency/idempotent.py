"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a repeated POST is executed once."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.web.json import JSONRenderer

HEADER = "Idempotency-Key"
KEY = r"[ -~]{1,255}"
PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": f"^{KEY}$", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A name for this write that is unique and that nobody can guess, such as a random UUID. Sent again "
    "with the same body within 24 hours, it is answered as it was the first time, and nothing is written; with another "
    "body or path it is a 422, and if what it created was removed since, a 410. A write that failed is not remembered.",
)

View = TypeVar("View")
Args = ParamSpec("Args")


class KeyReused(APIException):
    """The key was used for another request; nothing was written."""

    status_code = 422


class Removed(APIException):
    """What the write created was removed since; nothing was written."""

    status_code = 410


def forget_answers(subject: str) -> None:
    """Delete the kept answers that have the `id` `subject`, which is removed: the same write again is a 410."""
    found = IdempotencyRecord.objects.filter(subject=subject)
    # A former release, which runs during an update, notes no subject.
    unnamed = IdempotencyRecord.objects.filter(subject="").values_list("key", "body")
    keys = [key for key, body in unnamed if subject.encode() in bytes(body)]
    for rows in (found, IdempotencyRecord.objects.filter(key__in=keys)):
        rows.update(status=Removed.status_code, body=b"", subject=subject)


def idempotent(
    method: Callable[Concatenate[View, Request, Args], Response],
) -> Callable[Concatenate[View, Request, Args], HttpResponse]:
    """A view's POST that takes `Idempotency-Key`. What is kept of its answer is status and body, not headers.

    The record commits together with what the view wrote, or neither does: whether an answer got lost before or after
    the commit, to send the same again does it once. Raises ValidationError for a malformed key, KeyReused, Removed.
    """

    @wraps(method)
    def once(view: View, request: Request, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not re.fullmatch(KEY, key) or not key.strip('" '):
            raise ValidationError({HEADER: "Must be 1 to 255 printable ASCII characters."})
        # The body is read before the transaction begins: a slow sender must not hold the database.
        fingerprint = hashlib.sha256(request.path.encode() + b"\0" + request.body).hexdigest()
        with transaction.atomic():
            # Whoever comes second with this key waits here until the first has committed or failed.
            record, fresh = IdempotencyRecord.objects.get_or_create(key=key, defaults={"fingerprint": fingerprint})
            if record.fingerprint != fingerprint:
                raise KeyReused(f"This {HEADER} was used before, for another request.")
            if record.status == Removed.status_code:
                raise Removed("This write was executed, and what it created was removed since.")
            if fresh:
                response = method(view, request, *args, **kwargs)
                if response.status_code >= 400:
                    record.delete()
                    return response
                record.status, record.body = response.status_code, JSONRenderer().render(response.data)
                record.subject = str(response.data.get("id", ""))
                record.save()
        return HttpResponse(record.body, status=record.status, content_type=JSONRenderer.media_type)

    return extend_schema(parameters=[PARAMETER])(once)
