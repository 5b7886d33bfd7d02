"""Only the bus may deliver, and nothing that anyone writes into a header is a 500."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings as live
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from orders.events import GoodsArrived
from standardwebhooks import Webhook

from svc_chassis.events.signing import signed
from svc_chassis.testing.plugin import wire

pytestmark = pytest.mark.django_db(transaction=True)

BODY = orjson.dumps(wire(GoodsArrived(id="g1", item="tea", version=1)))
OTHER = "whsec_" + base64.b64encode(b"another key of 32 bytes, or more").decode()


def post(headers: dict[str, str], body: bytes = BODY) -> Any:
    return Client().post("/events", body, content_type="application/json", headers=headers)


def assert_unauthorized(response: Any, detail: str) -> None:
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"] == 'StandardWebhooks realm="events"'
    assert response.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": detail,
    }


def at(moment: datetime, key: str) -> dict[str, str]:
    return {
        "webhook-id": "eventbus.1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(key).sign("eventbus.1", moment, BODY.decode()),
    }


def test_a_delivery_signed_by_the_bus_is_taken() -> None:
    assert post(signed(BODY, "eventbus", live.EVENTS_KEYS)).status_code == 200


def test_an_unsigned_delivery_is_refused() -> None:
    assert_unauthorized(post({}), "Sign this request (Standard Webhooks), or set EVENTS_ALLOW_UNSIGNED=1.")


def test_an_unsigned_delivery_is_taken_where_that_is_allowed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True

    assert post({}).status_code == 200


def test_a_wrong_signature_is_refused_even_where_none_is_needed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True

    assert post(signed(BODY, "eventbus", [OTHER])).status_code == 401


def test_another_key_is_refused() -> None:
    assert_unauthorized(
        post(signed(BODY, "eventbus", [OTHER])),
        "Invalid signature: it was made with another key, or for another body.",
    )


def test_another_body_is_refused() -> None:
    assert post(signed(BODY, "eventbus", live.EVENTS_KEYS), BODY + b" ").status_code == 401


def test_a_body_that_is_no_text_is_refused() -> None:
    assert_unauthorized(
        post(signed(BODY, "eventbus", live.EVENTS_KEYS), b"\xff\xfe"),
        "The body is not UTF-8: only text can be signed.",
    )


@pytest.mark.parametrize(
    "around", ["  {}", "{}\t", "v1a,xxxx {}", "v1,AAAA  {}", "v1 {}", ",, {} ,,", "\xe9 {}", "{0} {0}"]
)
def test_a_signature_holds_whatever_stands_beside_it(around: str) -> None:
    headers = signed(BODY, "eventbus", live.EVENTS_KEYS)

    assert post(headers | {"webhook-signature": around.format(headers["webhook-signature"])}).status_code == 200


@pytest.mark.parametrize(
    "value", [" ", "  ", "v1", "v1,", "v1, AAAA", "v1,AAAA", "v2," + "A" * 43 + "=", "v1,\xe9", ",", "x"]
)
def test_what_is_no_signature_is_refused_in_our_words(value: str) -> None:
    assert_unauthorized(
        post(signed(BODY, "eventbus", live.EVENTS_KEYS) | {"webhook-signature": value}),
        "webhook-signature must contain a signature: v1,… with the base64 of 32 bytes.",
    )


@pytest.mark.parametrize("value", ["", " ", "now", "1.5", "-1", "nan", "inf", "1e9", "\xb2", "9" * 12, "9" * 5000])
def test_what_is_no_moment_is_refused_in_our_words(value: str) -> None:
    assert_unauthorized(
        post(signed(BODY, "eventbus", live.EVENTS_KEYS) | {"webhook-timestamp": value}),
        "webhook-timestamp must be a whole number of seconds since 1970.",
    )


@pytest.mark.parametrize("value", ["0", "1", "99999999999"])
def test_a_moment_far_away_is_refused_in_our_words(value: str) -> None:
    assert_unauthorized(
        post(signed(BODY, "eventbus", live.EVENTS_KEYS) | {"webhook-timestamp": value}),
        "webhook-timestamp is more than five minutes from this service's clock.",
    )


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_five_minutes_of_difference_between_clocks_are_tolerated(minutes: int, status: int) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=minutes)

    assert post(at(moment, live.EVENTS_KEYS[0])).status_code == status


def test_what_a_service_signed_as_its_publish_is_no_delivery() -> None:
    assert_unauthorized(
        post(signed(BODY, "orders", live.EVENTS_KEYS)), "Invalid signature: no key is known for the sender."
    )


def test_a_publish_can_not_be_relabelled_as_a_delivery() -> None:
    publish = signed(BODY, "orders", live.EVENTS_KEYS)

    assert post(publish | {"webhook-id": publish["webhook-id"].replace("orders", "eventbus")}).status_code == 401


@pytest.mark.parametrize("sent", [["old"], ["new"], ["old", "new"]])
@pytest.mark.parametrize("known", [["old", "new"], ["new", "old"]])
def test_during_a_rotation_either_key_holds(settings: Any, sent: list[str], known: list[str]) -> None:
    keys = {"old": live.EVENTS_KEYS[0], "new": OTHER}
    settings.EVENTS_KEYS = [keys[name] for name in known]

    assert post(signed(BODY, "eventbus", [keys[name] for name in sent])).status_code == 200


header = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60)
almost = st.sampled_from(["", "eventbus.1", "eventbus", "v1,", "v1,AAAA", "v1", "nan", "inf", "-1", "1e400", "9" * 400])


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={
    f"webhook-{part}": header | almost for part in ("id", "timestamp", "signature")
}))  # fmt: skip
def test_garbage_in_the_headers_is_401_and_never_500(headers: dict[str, str]) -> None:
    assert post(headers).status_code == 401


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), header | almost)
def test_one_garbled_header_is_401_and_never_500(name: str, value: str) -> None:
    headers = signed(BODY, "eventbus", live.EVENTS_KEYS)

    assert post(headers | {name: value}).status_code == 401
