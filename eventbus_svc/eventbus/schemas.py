"""Base classes of the response bodies of the API. `/openapi.json` describes the subclasses."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Model = TypeVar("Model", bound=BaseModel)


def moment(seconds: float) -> str:
    """Unix seconds of a past moment, in RFC 3339, UTC. A time in the future (the clock was set back) shows as now."""
    return (
        datetime.fromtimestamp(min(seconds, time.time()), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )


def unchecked(model: type[Model], values: Mapping[str, Any]) -> Model:
    """An event as it was sent; not by `model_construct(**values)`, because an attribute may be called `cls`."""
    found = model.model_construct(**{name: value for name, value in values.items() if name in model.model_fields})
    found.__pydantic_extra__ = {name: value for name, value in values.items() if name not in model.model_fields}
    return found


class Rendered(BaseModel):
    def as_json(self) -> dict[str, Any]:
        """As JSON, without fields that were not set: an event is shown as it was sent."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Schema(Rendered):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)
