"""Serializer fields that accept their own type and convert nothing."""

from typing import Any

from rest_framework import serializers
from rest_framework.settings import api_settings

from svc_chassis.web.text import LINE_BREAK, shows

_instances: dict[type[serializers.BaseSerializer[Any]], Any] = {}


class Text(serializers.CharField):
    """A JSON string of one line, trimmed; what shows nothing is blank. Nothing else is turned into text."""

    has_lines = False
    default_error_messages = {"line_break": "This field is one line: remove the line breaks."}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation("" if isinstance(data, str) and not shows(data) else data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if not self.has_lines and LINE_BREAK.search(text):
            self.fail("line_break")
        return text


class Prose(Text):
    """A text of any number of lines."""

    has_lines = True


class Whole(serializers.IntegerField):
    """A JSON integer. Strings and booleans are refused."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


def body_of(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """`data` as `serializer` validates it. Raises ValidationError, also where it is no JSON object."""
    if data is None:
        raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: ["No data provided"]})
    validated: dict[str, Any] = _shared(serializer).run_validation(data)
    return validated


def shown(serializer: type[serializers.BaseSerializer[Any]], instance: Any) -> Any:
    """`instance` as `serializer` shows it."""
    return _shared(serializer).to_representation(instance)


def _shared(serializer: type[serializers.BaseSerializer[Any]]) -> Any:
    """One for all requests, as building its fields costs more than using them. It keeps nothing of what it is given."""
    if serializer not in _instances:
        _instances[serializer] = serializer()
    return _instances[serializer]
