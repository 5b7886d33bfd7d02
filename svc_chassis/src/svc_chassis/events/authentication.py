"""Who sent a request between services and bus: the service whose key signed it."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from svc_chassis.events.signing import BUS, BadSignature, claimed_sender, verify
from svc_chassis.web.tokens import Holder


class Signature(BaseAuthentication):
    """`request.user` is the service that signed, or None where `EVENTS_ALLOW_UNSIGNED` lets nobody sign."""

    def keys_of(self, sender: str) -> list[str]:
        keys: list[str] = settings.EVENTS_KEYS
        return keys if sender == BUS else []

    def authenticate(self, request: Request) -> tuple[Holder, None] | None:
        sender = claimed_sender(request.headers)
        if not sender:
            return None
        try:
            verify(request._request.body, request.headers, self.keys_of(sender))
        except BadSignature as error:
            raise AuthenticationFailed(str(error)) from error
        return Holder(sender, "service"), None

    def authenticate_header(self, request: Request) -> str:
        return 'StandardWebhooks realm="events"'


class SignedOrAllowed(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None and not settings.EVENTS_ALLOW_UNSIGNED:
            raise NotAuthenticated("Sign this request (Standard Webhooks), or set EVENTS_ALLOW_UNSIGNED=1.")
        return True


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "svc_chassis.events.authentication.Signature"
    name = "signature"
    match_subclasses = True

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks",
        }
