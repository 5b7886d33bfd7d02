"""`GET …/audit`: who did what, when and why."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from svc_chassis.audit.models import AuditEntry
from svc_chassis.web.fields import Text, body_of
from svc_chassis.web.ids import LONGEST
from svc_chassis.web.paging import Page, paged
from svc_chassis.web.tokens import BearerToken


class Selection(serializers.Serializer[AuditEntry]):
    """Selects entries."""

    actor = Text(max_length=40, required=False)
    action = Text(max_length=40, required=False)
    target = Text(max_length=LONGEST, required=False)


class AuditEntryOut(serializers.ModelSerializer[AuditEntry]):
    detail = serializers.DictField()

    class Meta:
        model = AuditEntry
        fields = ("id", "time", "actor", "action", "target", "reason", "detail")
        read_only_fields = fields


class AuditView(APIView):
    """A service's own names who may read it."""

    authentication_classes = [BearerToken]

    @extend_schema(parameters=[Selection, *Page.PARAMETERS], responses=AuditEntryOut(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """What was done with a token of this role: by whom, when and why, newest first."""
        asked = body_of(Selection, request.query_params.dict())
        return paged(request, AuditEntry.objects.filter(**asked), AuditEntryOut)
