"""Serializer fields that take what they name and coerce nothing."""

from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A JSON string, trimmed; a number or a boolean is refused, not turned into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def body_of(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """`data` as `serializer` validates it. Raises ValidationError, also where it is no JSON object."""
    checked = serializer(data=data)
    checked.is_valid(raise_exception=True)
    validated: dict[str, Any] = checked.validated_data
    return validated
