"""`?limit=&before=`: pages of 20, at most 100, newest first, and where the next one begins."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from svc_chassis.web.fields import shown
from svc_chassis.web.ids import SCHEMA, is_id
from svc_chassis.web.numbers import number_parameter

DEFAULT, MOST = 20, 100
LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}


@dataclass(frozen=True)
class Page:
    limit: int
    before: str | None

    PARAMETERS: ClassVar = [
        OpenApiParameter("limit", LIMIT, description="The maximum number of items."),
        OpenApiParameter("before", SCHEMA, description="The id of the last item seen; older items follow."),
    ]

    @classmethod
    def of(cls, request: Request) -> "Page":
        """Raises ValidationError for a limit that is not 1…100, or a `before` that can't be an id."""
        limit = number_parameter(request, "limit", LIMIT)
        before = request.GET.get("before") or None
        if before and not is_id(before):
            raise ValidationError({"before": "No such id here."})
        return cls(limit, before)

    def next_link(self, request: Request, last: str) -> str:
        """The Link header of a page whose last item is `last` and which is not the end."""
        return next_link(request, limit=self.limit, before=last)


def next_link(request: Request, **start: object) -> str:
    """The Link header to the next page: this request, with other parameters."""
    return f'<{request.path}?{urlencode(request.GET.dict() | start)}>; rel="next"'


def paged(
    request: Request, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]], *, oldest_first: bool = False
) -> Response:
    """One page of `rows` (which have `seq` and `id`). Raises ValidationError for an unknown `before`."""
    page = Page.of(request)
    if page.before:
        # Among all rows: the one last seen may have left the selection since.
        last = rows.model.objects.filter(id=page.before).values_list("seq", flat=True).first()
        if last is None:
            raise ValidationError({"before": "No such id here."})
        rows = rows.filter(seq__gt=last) if oldest_first else rows.filter(seq__lt=last)
    found = list(rows.order_by("seq" if oldest_first else "-seq")[: page.limit + 1])
    items, more = found[: page.limit], len(found) > page.limit
    headers = {"Link": page.next_link(request, items[-1].id)} if more else {}
    return Response([shown(serializer, row) for row in items], headers=headers)
