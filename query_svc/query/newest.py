from typing import TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError

Row = TypeVar("Row", bound=Model)


def newest_first(rows: QuerySet[Row], before: str | None, among: QuerySet[Row]) -> QuerySet[Row]:
    """By `created_at`, ties by id; from `before` on, which is one of `among`. Raises ValidationError if it is not."""
    if before:
        last = among.filter(id=before).values_list("created_at", flat=True).first()
        if last is None:
            raise ValidationError({"before": "No such id here."})
        rows = rows.filter(created_at__lte=last).exclude(created_at=last, id__gte=before)
    return rows.order_by("-created_at", "-id")
