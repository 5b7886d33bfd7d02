"""Base classes of the response bodies of the API. `/openapi.json` describes the subclasses."""

import time
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


def moment(seconds: float) -> str:
    """Unix seconds of a past moment, in RFC 3339, UTC. A time in the future (the clock was set back) shows as now."""
    return (
        datetime.fromtimestamp(min(seconds, time.time()), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )


class Rendered(BaseModel):
    def as_json(self) -> dict[str, Any]:
        """As JSON, without fields that were not set: an event is shown as it was sent."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Schema(Rendered):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)
