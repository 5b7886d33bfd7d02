"""Authentication at the bus: services by signature, the operator by token."""

from typing import Any

from django.conf import settings
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from svc_chassis.events.authentication import Signature
from svc_chassis.web.tokens import BearerToken, HasRole


class Operator(HasRole):
    role = "operator"


class OperatorView(APIView):
    authentication_classes = [BearerToken]
    permission_classes = [Operator]


class PeerSignature(Signature):
    """Signed by a service whose key the bus has; `request.user.name` is that service."""

    def keys_of(self, sender: str) -> list[str]:
        keys: list[str] = settings.PEER_KEYS.of(sender)
        return keys


class MayRead(BasePermission):
    """Reading the history: services, the operator, and anyone if unsigned events are allowed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.successful_authenticator, PeerSignature) or settings.EVENTS_ALLOW_UNSIGNED:
            return True
        return Operator().has_permission(request, view)


class SignedAsItself(BasePermission):
    """A subscription, signed by its own service."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None:
            raise NotAuthenticated("Sign this request (Standard Webhooks) as the service that subscribes.")
        self.message = f"{holder.name} cannot subscribe as {view.kwargs['name']}."
        return bool(holder.name == view.kwargs["name"])
