"""PUT /subscriptions/<name>: what is refused, with the field that is at fault, and nothing stored."""

from typing import Any

import pytest
from django.test import Client

from eventbus.models import Subscription

pytestmark = pytest.mark.django_db

ONE, TWO = "7b0f9b0a-5f0c-4f5e-9a53-1d9ea3aef6d1", "c0ffee00-5f0c-4f5e-9a53-1d9ea3aef6d1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", None),
        ("url", 7),
        ("url", ""),
        ("url", "query/events"),
        ("url", "ftp://127.0.0.1/events"),
        ("url", "http://"),
        ("url", "http://[::1/events"),
        ("url", "http://127.0.0.1:99999/events"),
        ("url", "http://127.0.0.1:port/events"),
        ("url", "http://user:password@127.0.0.1/events"),
        ("url", "http://example.com/events"),
        ("url", "http://example.com#@127.0.0.1/events"),
        ("url", "http://127.0.0.1\\@example.com/events"),
        ("url", "http://127.0.0.1.example.com/events"),
        ("url", "http://169.254.169.254/latest"),
        ("url", "http://127.0.0.1/" + "x" * 2000),
        ("url", "http://127.0.0.1/\0"),
        ("types", None),
        ("types", "CommentCreated"),
        ("types", {"a": 1}),
        ("types.0", [7]),
        ("types.0", [""]),
        ("types.0", ["x" * 256]),
        ("types", ["x"] * 101),
        ("batchSize", 0),
        ("batchSize", 501),
        ("batchSize", "10"),
        ("batchSize", 1.5),
        ("batchSize", True),
        ("batchSize", None),
        ("batchSize", 2**63),
        ("format", "xml"),
        ("format", None),
        ("format", ["batch"]),
        ("inboxId", "me"),
        ("inboxId", 7),
        ("inboxId", {}),
    ],
)
def test_a_malformed_subscription_is_400_and_the_answer_names_the_field(heartbeat: Any, field: str, value: Any) -> None:
    response = heartbeat("query", **{field.partition(".")[0]: value})

    assert response.status_code == 400, response.content
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"text"', b"7"])
def test_a_body_that_is_no_subscription_is_400(heartbeat: Any, raw: bytes) -> None:
    response = heartbeat("query", raw=raw)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert Subscription.objects.count() == 0


def test_a_body_that_is_too_long_is_413(heartbeat: Any) -> None:
    assert heartbeat("query", raw=b" " * (256 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("name", ["Query", "1query", "q" * 65, "query/x", "..", "quéry"])
def test_a_name_that_can_be_no_services_is_404(client: Client, log: Any, name: str) -> None:
    assert client.put(f"/subscriptions/{name}", {}, content_type="application/json").status_code == 404


def test_a_wrong_method_is_refused(client: Client, log: Any) -> None:
    assert client.post("/subscriptions/query", {}, content_type="application/json").status_code in (401, 405)
