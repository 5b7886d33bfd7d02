"""Who may speak to the bus: services by their signature, the operator by a token."""

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
    """Signed by any service whose key the bus has; `request.user.name` is that service."""

    def keys_of(self, sender: str) -> list[str]:
        keys: list[str] = settings.PEER_KEYS.of(sender)
        return keys


class MayRead(BasePermission):
    """History: services, the operator, and anyone where unsigned events are allowed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.successful_authenticator, PeerSignature) or settings.EVENTS_ALLOW_UNSIGNED:
            return True
        return Operator().has_permission(request, view)


class SignedAsItself(BasePermission):
    """A service's own subscription, signed by that service."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        holder: Any = request.user
        if holder is None:
            raise NotAuthenticated("Sign this request (Standard Webhooks) as the service that subscribes.")
        self.message = f"{holder.name} can't subscribe as {view.kwargs['name']}."
        return bool(holder.name == view.kwargs["name"])
