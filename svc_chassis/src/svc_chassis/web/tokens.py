"""Bearer tokens of the roles that a service knows (`ROLES`): none or a wrong one is 401, another role's 403.

A role has one token or several, each with its holder's name, which the audit trail records.
"""

import hmac
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from svc_chassis.secrets import named_tokens

CHALLENGE = 'Bearer realm="blogbus"'


@dataclass(frozen=True)
class Holder:
    name: str
    role: str
    is_authenticated: bool = True


def holder_of(request: Request) -> Holder:
    """Who sent an authenticated request."""
    return cast(Holder, request.user)


def _holders(given: str) -> list[Holder]:
    """Whose token it is; none: nobody's. All are compared, so that the time tells nothing about them."""
    return [
        Holder(name, role)
        for role in settings.ROLES
        for name, token in named_tokens(getattr(settings, f"{role.upper()}_TOKEN"), role)
        if hmac.compare_digest(given.encode(), token.encode())
    ]


def bearer(request: Request) -> str | None:
    """The token that `request` came with; None without one, empty for another scheme."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    return token.strip() if scheme.lower() == "bearer" else ""


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Holder, None] | None:
        token = bearer(request)
        if token is None:
            return None
        found = _holders(token)
        if not found:
            raise AuthenticationFailed("Invalid token.")
        return found[0], None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class HasRole(BasePermission):
    """Requires the token of `role`; subclasses name the role."""

    role: str

    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None:
            raise NotAuthenticated(f"This needs the {self.role}'s token: Authorization: Bearer …")
        self.message = f"This needs the {self.role}'s token, and yours is the {holder.role}'s."
        return bool(holder.role == self.role)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "svc_chassis.web.tokens.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
