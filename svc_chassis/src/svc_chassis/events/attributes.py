"""What the attributes of an event may hold, by CloudEvents 1.0 and its JSON format: for the bus and for every inbox."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
)
# No string of an event holds controls or code points that are no characters.
NO_CHARACTERS = "\x00-\x1f\x7f-\x9f\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
FORBIDDEN = re.compile(f"[{NO_CHARACTERS}]")
EXTENSION_NAME = re.compile(r"[a-z0-9]+")
INTEGERS = range(-(2**31), 2**31)

# RFC 3986: a URI, or a reference relative to one, whose first segment has no colon.
_CHARACTER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
URI_REFERENCE = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.\-]*:|(?![^/?#]*:))(?://(?:{_CHARACTER}|\[[0-9A-Fa-f:.]+\])*(?=[/?#]|\Z))?"
    rf"(?:{_CHARACTER}|/)*(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
)
# RFC 2046, of JSON: */json or */*+json, with any parameters.
_TOKEN = r"[a-z0-9!#$%&'*+\-.^_`|~]+"
JSON_TYPE = re.compile(
    rf'{_TOKEN}/(?:json|{_TOKEN}\+json)(?:[ \t]*;[ \t]*(?:{_TOKEN}=(?:{_TOKEN}|"[^"\\]*"))?)*[ \t]*', re.IGNORECASE
)


def instant(text: str) -> datetime:
    """The time that RFC 3339 text names, in UTC; of a leap second, the one after it. Raises ValueError, saying why."""
    text, leap = text.upper(), text[17:19] == "60"
    if not RFC_3339.fullmatch(text):
        raise _no_time()
    try:
        if text.startswith("0000"):
            raise OverflowError
        found = datetime.fromisoformat(f"{text[:17]}59{text[19:]}" if leap else text).astimezone(UTC)
        if not leap:
            return found
        if (found.hour, found.minute) != (23, 59):
            raise _no_time()
        return found + timedelta(seconds=1)
    except OverflowError:
        raise _out_of_range() from None
    except ValueError:
        raise _no_time() from None


def _no_time() -> PydanticCustomError:
    return PydanticCustomError("time", "Must be a time as RFC 3339 writes it, such as 2026-01-01T09:30:00Z.")


def _out_of_range() -> PydanticCustomError:
    return PydanticCustomError("time", "In UTC it must lie in the years 1 to 9999, or no receiver can hold it.")


def _is_time(text: str) -> str:
    instant(text)
    return text


def _as_instant(value: Any) -> datetime:
    """Of a time on the wire, or of one that a publisher has."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.isoformat()
    if not isinstance(value, str):
        raise _no_time()
    return instant(value)


def _extension_name(name: str) -> str:
    if name == "data_base64":
        raise PydanticCustomError("extension", "Binary data is not supported: send JSON in `data`.")
    if not EXTENSION_NAME.fullmatch(name):
        raise PydanticCustomError("extension", "The name of an extension attribute has only a-z and 0-9.")
    return name


def _extension(value: Any) -> Any:
    """A string, a boolean or an integer of 32 bits; null stands for an attribute that is not there."""
    if value is None or isinstance(value, bool) or (isinstance(value, int) and value in INTEGERS):
        return value
    if isinstance(value, str) and not FORBIDDEN.search(value):
        return value
    raise PydanticCustomError(
        "extension", "Must be a string without control characters, a boolean, or an integer of 32 bits."
    )


def _name(text: str) -> str:
    if not (text.isascii() and text.isprintable()) and FORBIDDEN.search(text):  # most are, and that is quickly seen
        raise PydanticCustomError("name", "Must not contain control characters or noncharacters.")
    return text


@lru_cache(1024)
def _reference(text: str) -> str:
    if not URI_REFERENCE.fullmatch(text):
        raise PydanticCustomError("uri", "Must be a URI-reference, such as /posts or https://shop.example/orders.")
    return text


@lru_cache(1024)
def _json_type(text: str) -> str:
    if not JSON_TYPE.fullmatch(text):
        raise PydanticCustomError("json", "Must be a media type of JSON, such as application/json.")
    return text


_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 255}
_Short = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Name = Annotated[_Short, AfterValidator(_name)]
Reference = Annotated[_Short, AfterValidator(_reference), WithJsonSchema(_SCHEMA | {"format": "uri-reference"})]
JsonType = Annotated[_Short, AfterValidator(_json_type)]
Time = Annotated[str, AfterValidator(_is_time), WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339, in any of its forms."""
Instant = Annotated[AwareDatetime, BeforeValidator(_as_instant)]
"""A time in a payload: RFC 3339 on the wire, here in UTC."""
ExtensionName = Annotated[str, AfterValidator(_extension_name)]
Extension = Annotated[Any, AfterValidator(_extension)]
Trace = Annotated[Extension, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})]
"""Whatever it is, the event is taken."""
