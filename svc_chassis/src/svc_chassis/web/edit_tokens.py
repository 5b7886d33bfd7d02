"""Edit tokens: with one, an author edits or removes what they wrote, without an account.

A token follows from the service's signing key and the id, so that a write that is sent again (Idempotency-Key) is
answered with the same one. The database has its hash only, so that the token outlives the key.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from svc_chassis.web.tokens import CHALLENGE, bearer

HASH = 64
"""characters of a hash"""

View = TypeVar("View")
Args = ParamSpec("Args")


def edit_token(subject: str) -> str:
    """The token for what this service now creates under the id `subject`: 43 URL-safe characters."""
    message = f"edit {settings.SERVICE_NAME} {subject}".encode()
    digest = hmac.digest(settings.EVENTS_KEYS[0].encode(), message, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What the database has of `token`. It is as random as the hash is long, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def require_edit_token(request: Request, token_hash: str) -> None:
    """Raises NotAuthenticated without a token, and AuthenticationFailed unless `token_hash` is that of the token; an
    empty one is nobody's."""
    token = bearer(request)
    if token is None:
        raise NotAuthenticated("This needs the editToken that its creation was answered with: Authorization: Bearer …")
    if not hmac.compare_digest(hash_of(token), token_hash):
        raise AuthenticationFailed("Invalid token: it is not the editToken of this.")


def answers_edit_token(
    method: Callable[Concatenate[View, Request, Args], HttpResponse],
) -> Callable[Concatenate[View, Request, Args], HttpResponse]:
    """A view's POST whose 201 answers `editToken` besides what `method` answers, also when that was kept."""

    @wraps(method)
    def whole(view: View, request: Request, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        response = method(view, request, *args, **kwargs)
        if response.status_code != 201:
            return response
        written = response.data if isinstance(response, Response) else orjson.loads(response.content)
        return Response(written | {"editToken": edit_token(written["id"])}, status=201)

    return whole


class EditTokenOut(serializers.Serializer[Any]):
    """What `answers_edit_token` adds."""

    editToken = serializers.CharField(
        read_only=True, help_text="Edits and removes this, as a bearer token. It is not answered again: keep it."
    )


class EditToken(BaseAuthentication):
    """Names the scheme. Which token is right depends on what is edited, so the view asks `require_edit_token`."""

    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class EditTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "svc_chassis.web.edit_tokens.EditToken"
    name = "editToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
