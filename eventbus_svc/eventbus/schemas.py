"""Base classes of the response bodies of the API. `/openapi.json` describes the subclasses."""

import time
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


def moment(seconds: float) -> str:
    """Unix seconds of what happened, in RFC 3339, UTC. What a clock that was set back noted ahead of now is now."""
    return (
        datetime.fromtimestamp(min(seconds, time.time()), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )


class Rendered(BaseModel):
    def as_json(self) -> dict[str, Any]:
        """Fields that were not set are left out: an event is shown as it travelled."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Schema(Rendered):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)
