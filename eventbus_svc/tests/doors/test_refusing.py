"""POST /events: what is refused, why, and that nothing of it is stored."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from samples import comment, nth

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(publish: Any, log: Any) -> Callable[..., dict[str, Any]]:
    """Publish, and expect a problem of `status` with nothing stored; the problem."""

    def _refused(status: int, body: Any, **options: Any) -> dict[str, Any]:
        response = publish(body, **options)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert log.bounds(0).end == 0
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
    assert log.bounds(0).end == 0


@pytest.mark.parametrize("depth", [200, 300, 900, 5_000, 20_000])
def test_deep_nesting_is_taken_or_refused_but_never_an_error_of_ours(publish: Any, log: Any, depth: int) -> None:
    event = orjson.dumps(comment())
    deep = event[:-2] + b',"deep":' + b"[" * depth + b"]" * depth + b"}}"

    response = publish(deep, content_type="application/json")

    assert response.status_code == (200 if depth == 200 else 400)
    assert log.bounds(0).end == (nth(log, 1) if depth == 200 else 0)


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


def test_a_wrong_method_is_405(client: Client, log: Any) -> None:
    response = client.delete("/events", headers={})

    assert response.status_code in (401, 405)
    assert response["Content-Type"] == "application/problem+json"
