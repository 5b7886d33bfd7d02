"""Every error has one shape, and none of them hurts the service."""

from typing import Any

import pytest
from django.test import Client
from orders.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json"


def assert_problem(response: Any, status: int, title: str, detail: str, **more: Any) -> None:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json() == {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    assert Entry.objects.count() == 0


def test_fields_at_fault_are_named(client: Client) -> None:
    assert_problem(
        client.post("/orders", {"id": 7, "item": " "}, content_type=JSON),
        400,
        "Bad Request",
        "id: Not a valid string.; item: This field may not be blank.",
        errors=[
            {"field": "id", "detail": "Not a valid string."},
            {"field": "item", "detail": "This field may not be blank."},
        ],
    )


def test_a_body_that_is_no_object_is_named(client: Client) -> None:
    response = client.post("/orders", [], content_type=JSON)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["body"]


@pytest.mark.parametrize("body", ["{", "", "\x00", '{"id": NaN}', "[" * 100_000])
def test_a_body_that_is_no_json_is_refused(client: Client, body: str) -> None:
    response = client.generic("POST", "/orders", body, content_type=JSON)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_an_unknown_address_is_404(client: Client) -> None:
    assert_problem(client.get("/nowhere"), 404, "Not Found", "Not found: /nowhere")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/orders", "GET, POST, HEAD, OPTIONS"),
        ("GET", "/events", "POST, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD"),
        ("PUT", "/readyz", "GET, HEAD"),
        ("DELETE", "/metrics", "GET, HEAD"),
        ("BREW", "/healthz", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_405_and_says_which_are_right(client: Client, method: str, path: str, allow: str) -> None:
    response = client.generic(method, path)

    if path != "/events":
        assert_problem(response, 405, "Method Not Allowed", f'Method "{method}" not allowed.')
        assert response["Allow"] == allow
    else:
        assert response.status_code == 401  # who may not speak is not told how


def test_a_body_of_another_type_is_415(client: Client) -> None:
    assert_problem(
        client.post("/orders", "id=1", content_type="text/plain"),
        415,
        "Unsupported Media Type",
        'Unsupported media type "text/plain" in request.',
    )


def test_an_answer_of_another_type_is_json_all_the_same(client: Client) -> None:
    response = client.get("/orders", headers={"Accept": "image/png"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_a_body_that_does_not_say_how_long_it_is_is_411(client: Client) -> None:
    assert_problem(
        client.post("/orders", {}, content_type=JSON, headers={"Transfer-Encoding": "chunked"}),
        411,
        "Length Required",
        "Send the body with a Content-Length, not chunked.",
    )


@pytest.mark.parametrize(("path", "limit"), [("/orders", 256 * 1024), ("/events", 4 * 1024 * 1024)])
def test_a_body_that_is_too_long_is_413_before_it_is_read(client: Client, path: str, limit: int) -> None:
    response = client.generic("POST", path, b"{}", content_type=JSON, CONTENT_LENGTH=str(limit + 1))

    assert response.status_code == 413
    assert response.json()["detail"] == f"The body is longer than {limit} bytes."
    assert client.generic("POST", path, b"{}".ljust(limit), content_type=JSON).status_code in (400, 401)


@pytest.mark.parametrize("length", ["-1", "ten", "1.5"])
def test_a_length_that_is_no_number_is_400(client: Client, length: str) -> None:
    response = client.generic("POST", "/orders", b"{}", content_type=JSON, CONTENT_LENGTH=length)

    assert_problem(response, 400, "Bad Request", "The Content-Length is not a number.")


def test_a_bug_is_500_and_tells_nothing_of_itself() -> None:
    client = Client(raise_request_exception=False)

    assert_problem(client.get("/broken"), 500, "Internal Server Error", "Internal error: see the log of this service.")
