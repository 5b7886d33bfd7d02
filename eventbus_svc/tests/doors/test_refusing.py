"""POST /events: what is refused, why, and that nothing of it is stored."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from samples import comment, keys_of

from svc_chassis.events.signing import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(publish: Any, log: Any) -> Callable[..., dict[str, Any]]:
    """Publish, and expect a problem of `status` with nothing stored; the problem."""

    def _refused(status: int, body: Any, **options: Any) -> dict[str, Any]:
        response = publish(body, **options)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert log.end(0) == 0
        said: dict[str, Any] = response.json()
        assert said["status"] == status
        return said

    return _refused


def fields(said: dict[str, Any]) -> list[str]:
    return [error["field"] for error in said["errors"]]


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type", "subject", "time", "data"])
def test_an_event_that_lacks_an_attribute_is_400_and_the_answer_names_it(refused: Any, missing: str) -> None:
    event = comment()
    del event[missing]

    assert missing in fields(refused(400, event))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", 7),
        ("id", "x" * 256),
        ("source", None),
        ("subject", "line\nbreak"),
        ("subject", "nul\0"),
        ("time", "yesterday"),
        ("time", "2026-01-01T00:00:00"),
        ("time", "2026-02-30T00:00:00Z"),
        ("datacontenttype", "text/plain"),
        ("data", []),
        ("data", "text"),
    ],
)
def test_a_malformed_attribute_is_400_and_the_answer_names_it(refused: Any, attribute: str, value: Any) -> None:
    assert fields(refused(400, comment(**{attribute: value}))) == [attribute]


@pytest.mark.parametrize("unsigned", [False, True])
def test_a_cloudevent_without_an_id_is_400_signed_or_not(refused: Any, settings: Any, unsigned: bool) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True
    event = comment()
    del event["id"]

    assert fields(refused(400, event, sender=None if unsigned else "comments")) == ["id"]


def test_one_bad_event_refuses_its_batch_and_the_answer_says_which_it_was(refused: Any) -> None:
    assert fields(refused(400, [comment(), comment(time="never")])) == ["1.time"]


def test_a_payload_that_breaks_its_contract_is_400_and_the_answer_names_the_field(refused: Any) -> None:
    data = {"id": "c1", "content": "hello", "status": "liked"}

    assert sorted(fields(refused(400, comment(data=data)))) == ["data.postId", "data.status"]
    assert sorted(fields(refused(400, [comment(), comment(data=data)]))) == ["1.data.postId", "1.data.status"]


def test_what_was_refused_is_not_quoted(refused: Any) -> None:
    data = {"id": "c1", "postId": "p1", "content": ["a secret"], "status": "pending"}

    assert "a secret" not in str(refused(400, comment(data=data)))


def test_a_type_that_no_contract_declares_is_400(refused: Any) -> None:
    assert fields(refused(400, comment(type="CommentLiked"))) == ["type"]


def test_another_services_type_is_403(refused: Any) -> None:
    said = refused(403, comment(type="CommentModerated"))

    assert said["detail"] == "CommentModerated is published by moderation, not comments."


def test_another_services_source_is_403(refused: Any) -> None:
    assert refused(403, comment(source="/posts"))["detail"] == "comments can't publish as /posts."


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"7", b'"text"', b"[[]]", b"[null]", b"\xff\xfe", b'{"specversion": NaN}']
)
def test_a_body_that_is_no_event_is_400(publish: Any, client: Client, log: Any, body: bytes) -> None:
    # The signature covers text: bytes that are none can't be signed at all.
    if body.startswith(b"\xff"):
        response = client.post("/events", body, content_type="application/json")
        assert response.status_code == 401
        return
    response = publish(body, content_type="application/json")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert log.end(0) == 0


@pytest.mark.parametrize("depth", [200, 300, 900, 5_000, 20_000])
def test_deep_nesting_is_taken_or_refused_but_never_an_error_of_ours(publish: Any, log: Any, depth: int) -> None:
    event = orjson.dumps(comment())
    deep = event[:-2] + b',"deep":' + b"[" * depth + b"]" * depth + b"}}"

    response = publish(deep, content_type="application/json")

    assert response.status_code == (200 if depth == 200 else 400)
    assert log.end(0) == (1 if depth == 200 else 0)


def test_another_content_type_is_415(refused: Any) -> None:
    refused(415, comment(), content_type="text/plain")


def test_an_event_over_64_kib_is_413(refused: Any) -> None:
    data = {"id": "c1", "postId": "p1", "content": "x" * 65_536, "status": "pending"}

    said = refused(413, [comment(), event := comment(data=data)])
    assert event["id"] in said["detail"]


def test_a_batch_of_501_events_is_400(refused: Any) -> None:
    assert "at most 500 events; this one has 501" in refused(400, [comment() for _ in range(501)])["detail"]


def test_a_body_over_4_mib_is_413(refused: Any) -> None:
    refused(413, b" " * (4 * 1024 * 1024 + 1))


def test_without_a_signature_it_is_401(refused: Any) -> None:
    assert "Sign this request" in refused(401, comment(), sender=None)["detail"]


def test_a_signature_with_another_services_key_is_401(refused: Any) -> None:
    refused(401, comment(), keys=keys_of("posts"))


def test_a_name_that_has_no_key_is_401(refused: Any) -> None:
    assert "no key is known" in refused(401, comment(), sender="stranger", keys=keys_of("comments"))["detail"]


def test_a_body_that_was_changed_after_it_was_signed_is_401(client: Client, log: Any) -> None:
    headers = signed(orjson.dumps(comment()), "comments", keys_of("comments"))

    response = client.post("/events", comment(), content_type="application/json", headers=headers)

    assert (response.status_code, log.end(0)) == (401, 0)
    assert response["WWW-Authenticate"] == 'StandardWebhooks realm="events"'


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_a_signature_holds_for_five_minutes_of_difference_between_clocks(
    client: Client, log: Any, minutes: float, status: int
) -> None:
    from standardwebhooks import Webhook

    body, moment = orjson.dumps(comment()), datetime.now(UTC) + timedelta(minutes=minutes)
    headers = {
        "webhook-id": "comments.1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(keys_of("comments")[0]).sign("comments.1", moment, body.decode()),
    }

    assert client.post("/events", body, content_type="application/json", headers=headers).status_code == status


def test_two_keys_are_valid_during_a_rotation(publish: Any, settings: Any, log: Any) -> None:
    from svc_chassis.secrets import PeerKeys

    old, new = (f"whsec_{letter * 32}" for letter in "AB")
    settings.PEER_KEYS = PeerKeys(f"comments={old},comments={new}", None)

    for keys in ([old], [new], [old, new]):
        assert publish(comment(), keys=keys).status_code == 200
    assert publish(comment()).status_code == 401


def test_a_wrong_method_is_405(client: Client, log: Any) -> None:
    response = client.delete("/events", headers={})

    assert response.status_code in (401, 405)
    assert response["Content-Type"] == "application/problem+json"
