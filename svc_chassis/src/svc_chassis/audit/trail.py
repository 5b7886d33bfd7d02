"""Writes the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from svc_chassis.audit.models import AuditEntry
from svc_chassis.web.fields import Text, body_of
from svc_chassis.web.tokens import holder_of

LONGEST = 500
"""characters of a reason"""
REASON = OpenApiParameter(
    "reason", {"type": "string", "maxLength": LONGEST}, description="Why, for the audit trail: one line."
)


class Reasoned(serializers.Serializer[AuditEntry]):
    reason = Text(max_length=LONGEST, allow_blank=True, default="")


def reason_of(request: Request) -> str | None:
    """The `reason` in the query. Raises ValidationError for a bad one."""
    return body_of(Reasoned, request.query_params.dict())["reason"] or None


@contextmanager
def audited(request: Request, action: str, target: str = "", **detail: Any) -> Iterator[dict[str, Any]]:
    """What is done inside and its entry commit together, or neither does.

    Gives `detail`, to which the action may add. Raises ValidationError for a bad `reason` in the query.
    """
    reason = reason_of(request)
    with transaction.atomic():
        yield detail
        AuditEntry.objects.create(
            actor=holder_of(request).name, action=action, target=target, reason=reason, detail=detail
        )
