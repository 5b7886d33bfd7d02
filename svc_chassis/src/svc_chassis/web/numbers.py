"""Whole numbers in text: query parameters, options, positions."""

import re
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

MOST = 10**18 - 1


def whole_number(text: str, least: int = 0, most: int = MOST) -> int | None:
    """The number, or None if `text` has anything but the digits 0 to 9, or is out of range."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or not least <= int(text) <= most:
        return None
    return int(text)


def number_parameter(request: Request, name: str, schema: dict[str, Any]) -> int:
    """The query parameter, with `minimum`, `maximum` and `default` as the schema says. Raises ValidationError."""
    least, most = schema["minimum"], schema["maximum"]
    number = whole_number(request.GET.get(name, str(schema["default"])), least, most)
    if number is None:
        raise ValidationError({name: f"Must be a whole number from {least} to {most}."})
    return number
