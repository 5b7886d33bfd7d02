"""Bearer tokens of the roles that a service knows (`ROLES`): none or a wrong one is 401, another role's 403."""

import hmac
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

CHALLENGE = 'Bearer realm="blogbus"'


@dataclass(frozen=True)
class Role:
    name: str
    is_authenticated: bool = True


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Role, None] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() == "bearer":
            for role in settings.ROLES:
                expected: str = getattr(settings, f"{role.upper()}_TOKEN")
                if hmac.compare_digest(token.strip().encode(), expected.encode()):
                    return Role(role), None
        raise AuthenticationFailed("Invalid token.")

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class HasRole(BasePermission):
    """Requires the token of `role`; subclasses name the role."""

    role: str

    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None:
            raise NotAuthenticated(f"This needs the {self.role}'s token: Authorization: Bearer …")
        self.message = f"This needs the {self.role}'s token, and yours is the {holder.name}'s."
        return bool(holder.name == self.role)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "svc_chassis.web.tokens.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
