"""The form of an id, for all services: one segment of a URL, without escapes."""

import re
import uuid
from typing import Annotated

from django.urls.converters import StringConverter
from pydantic import Field

LONGEST = 255
"""characters"""
PATTERN = r"\.*[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
"""RFC 3986's unreserved characters; one of them is no dot, because browsers resolve `.` and `..` in a path."""
SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{PATTERN}$"}

Id = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=f"^{PATTERN}$")]
"""For contracts."""


def new_id() -> str:
    """A new unique id."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    return len(text) <= LONGEST and re.fullmatch(PATTERN, text) is not None


class IdConverter(StringConverter):
    """`<id:…>` in a path; anything else is not found."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        if not is_id(value):
            raise ValueError
        return value
