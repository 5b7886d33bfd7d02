"""What the bus takes it can give again, whole; what it refuses it names and does not store."""

from typing import Any

import orjson
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import comment, end_of_log

from contracts import ALL, BY_TYPE
from svc_chassis.events.parsing import envelopes
from svc_chassis.events.plain import check_payload
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.conformance.any_event import events

pytestmark = pytest.mark.django_db


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(event=st.one_of([events(contract) for contract in ALL]))
def test_any_event_is_taken_and_can_be_read_again_or_is_refused_and_not_stored(
    client: Client, log: Any, publish: Any, event: dict[str, Any]
) -> None:
    before = end_of_log()
    response = publish(event, sender=event["source"].removeprefix("/"))

    if response.status_code == 200 and response.json()["accepted"]:
        [entry] = log.read(0, before, 10).entries
        [again] = envelopes(orjson.loads(entry.record.body))
        check_payload(again, BY_TYPE[event["type"]])
        assert (again.id, again.subject, again.time) == (event["id"], event["subject"], event["time"])
    elif response.status_code != 200:
        assert end_of_log() == before
        if response.status_code != 409:  # another event of that id is there
            is_problem(response, 400)
            assert response.json()["errors"]


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/CloudEvents+json; charset=UTF-8"])
def test_a_media_type_has_no_case(publish: Any, content_type: str) -> None:
    assert publish(comment(), content_type=content_type).status_code == 200


def test_an_extension_attribute_reaches_subscribers_and_readers_as_it_was_sent(log: Any, publish: Any) -> None:
    event = comment(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", sampled=True, retries=3)

    assert publish(event).status_code == 200
    [entry] = log.read(0, 0, 10).entries
    assert orjson.loads(entry.record.body) == event


@pytest.mark.parametrize(
    ("attribute", "value", "says"),
    [
        ("time", "0001-01-01T00:00:00+23:59", "In UTC it must lie in the years 1 to 9999, or no receiver can hold it."),
        ("time", "now", "Must be a time as RFC 3339 writes it, such as 2026-01-01T09:30:00Z."),
        ("my-ext", "x", "The name of an extension attribute has only a-z and 0-9."),
        ("myext", {}, "Must be a string without control characters, a boolean, or an integer of 32 bits."),
        ("data_base64", "eA==", "Binary data is not supported: send JSON in `data`."),
        ("source", "a b", "Must be a URI-reference, such as /posts or https://shop.example/orders."),
        ("datacontenttype", "text/xml", "Must be a media type of JSON, such as application/json."),
    ],
)
def test_a_refusal_says_what_would_do(publish: Any, attribute: str, value: Any, says: str) -> None:
    response = publish(comment(**{attribute: value}))

    is_problem(response, 400)
    assert response.json()["errors"] == [{"field": attribute, "detail": says}]


@pytest.mark.parametrize("field", ["content", "author"])
def test_a_payload_with_a_nul_is_refused_and_the_field_named(publish: Any, field: str) -> None:
    event = comment()
    event["data"][field] = "a\0b"

    response = publish(event)

    is_problem(response, 400)
    assert response.json()["errors"] == [{"field": "data", "detail": f"{field} must not contain the character NUL."}]
