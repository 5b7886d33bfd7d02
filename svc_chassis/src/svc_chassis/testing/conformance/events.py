from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import orjson
import pytest
from django.conf import settings
from django.test import Client

from svc_chassis.events import authentication, signing
from svc_chassis.events.event import BATCH_TYPE
from svc_chassis.testing.conformance.common import CHUNKED, NO_JSON, Unharmed, is_problem

STRANGER = "whsec_" + "c3RyYW5nZXI=" * 3
UNCHECKED = {"webhook-id": "eventbus.1", "webhook-signature": "v1,unchecked"}
EVENT = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/elsewhere",
    "type": "SomethingHappened",
    "subject": "s1",
    "time": "2026-01-01T00:00:00.000000Z",
    "data": {"id": "s1"},
}
MALFORMED: dict[str, tuple[Any, str]] = {
    **{f"no {name}": ({key: value for key, value in EVENT.items() if key != name}, name) for name in EVENT},
    **{f"{name} is null": (EVENT | {name: None}, name) for name in EVENT},
    **{f"{name} is a list": (EVENT | {name: [1]}, name) for name in EVENT},
    **{f"{name} is empty": (EVENT | {name: ""}, name) for name in EVENT},
    "id is a number": (EVENT | {"id": 7}, "id"),
    "id is too long": (EVENT | {"id": "x" * 256}, "id"),
    "id has a NUL": (EVENT | {"id": "a\0b"}, "id"),
    "another specversion": (EVENT | {"specversion": "0.3"}, "specversion"),
    "time without a zone": (EVENT | {"time": "2026-01-01T00:00:00"}, "time"),
    "the second of a batch": ([EVENT, EVENT | {"id": None}], "1.id"),
    "501 events": ([EVENT] * 501, "body"),
    "a string": ("SomethingHappened", "body"),
}


def post(client: Client, body: bytes, content_type: str = BATCH_TYPE, **headers: str) -> Any:
    headers = signing.signed(body, "eventbus", settings.EVENTS_KEYS) | headers
    return client.post("/events", body, content_type=content_type, headers=headers)


class EventsDoor(Unharmed):
    """`POST /events` of every service."""

    @pytest.mark.parametrize("case", MALFORMED)
    def test_a_malformed_event_is_refused_and_its_fault_named(self, client: Client, case: str) -> None:
        body, field = MALFORMED[case]
        is_problem(post(client, orjson.dumps(body)), 400, [field])

    @pytest.mark.parametrize("case", NO_JSON)
    def test_what_is_no_json_is_refused(self, client: Client, case: str) -> None:
        # Signing takes text only, so a body that is none would not come this far.
        with mock.patch.object(authentication, "verify"):
            is_problem(client.post("/events", NO_JSON[case], content_type=BATCH_TYPE, headers=UNCHECKED), 400)

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
    def test_another_content_type_is_refused(self, client: Client, content_type: str) -> None:
        is_problem(post(client, orjson.dumps(EVENT), content_type), 415)

    def test_an_unsigned_event_is_refused(self, client: Client) -> None:
        is_problem(client.post("/events", orjson.dumps(EVENT), content_type="application/json"), 401)

    @pytest.mark.parametrize(("sender", "key"), [("eventbus", STRANGER), ("stranger", ""), ("posts", "")])
    def test_an_event_that_the_bus_did_not_sign_is_refused(self, client: Client, sender: str, key: str) -> None:
        body = orjson.dumps(EVENT)
        headers = signing.signed(body, sender, [key or settings.EVENTS_KEYS[0]])
        is_problem(client.post("/events", body, content_type="application/json", headers=headers), 401)

    def test_a_changed_event_is_refused(self, client: Client) -> None:
        headers = signing.signed(orjson.dumps(EVENT), "eventbus", settings.EVENTS_KEYS)
        body = orjson.dumps(EVENT | {"type": "SomethingElse"})
        is_problem(client.post("/events", body, content_type="application/json", headers=headers), 401)

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_an_event_signed_too_long_ago_or_in_the_future_is_refused(self, client: Client, minutes: int) -> None:
        body = orjson.dumps(EVENT)
        with mock.patch.object(signing, "datetime") as clock:
            clock.now.return_value = datetime.now(UTC) + timedelta(minutes=minutes)
            headers = signing.signed(body, "eventbus", settings.EVENTS_KEYS)
        is_problem(client.post("/events", body, content_type="application/json", headers=headers), 401)

    @pytest.mark.parametrize("header", ["webhook-timestamp", "webhook-signature"])
    def test_a_garbled_signature_is_refused(self, client: Client, header: str) -> None:
        is_problem(post(client, orjson.dumps(EVENT), **{header: "v1,garbled"}), 401)

    def test_a_body_over_the_limit_is_refused_before_it_is_read(self, client: Client) -> None:
        is_problem(post(client, b"[" + b" " * settings.EVENTS_BODY_LIMIT + b"]"), 413)

    def test_a_chunked_body_is_refused(self, client: Client) -> None:
        is_problem(post(client, orjson.dumps(EVENT), **CHUNKED), 411)

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_another_method_is_refused(self, client: Client, method: str) -> None:
        headers = signing.signed(b"", "eventbus", settings.EVENTS_KEYS)
        is_problem(getattr(client, method)("/events", headers=headers), 405)

    @pytest.mark.parametrize("path", ["/", "/nothing", "/events/", "/admin", "/events/%00"])
    def test_an_unknown_path_is_not_found(self, client: Client, path: str) -> None:
        is_problem(client.get(path), 404)
