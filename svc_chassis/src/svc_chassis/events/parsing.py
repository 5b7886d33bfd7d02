"""Events in a request: one or a batch, in each content type that CloudEvents has for JSON."""

from typing import Any

from rest_framework.exceptions import ValidationError

from svc_chassis.events.event import BATCH_LIMIT, BATCH_TYPE, CloudEvent, Violation, parse
from svc_chassis.web.json import JSONParser
from svc_chassis.web.problems import contract_errors


class CloudEventParser(JSONParser):
    media_type = "application/cloudevents+json"


class CloudEventBatchParser(JSONParser):
    media_type = BATCH_TYPE


EVENT_PARSERS = [JSONParser, CloudEventParser, CloudEventBatchParser]


def envelopes(body: Any) -> list[CloudEvent]:
    """The request's events. Raises ValidationError, which names the field, if any of them is malformed."""
    if isinstance(body, list) and len(body) > BATCH_LIMIT:
        raise ValidationError(f"A batch has at most {BATCH_LIMIT} events; this one has {len(body)}.")
    try:
        return parse(body)
    except Violation as error:
        fields = contract_errors(error)
        if not isinstance(body, list):
            fields = [found | {"field": found["field"].removeprefix("0").lstrip(".") or "body"} for found in fields]
        raise ValidationError({found["field"]: [found["detail"]] for found in fields}) from error
