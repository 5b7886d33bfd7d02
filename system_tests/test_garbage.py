"""Garbage on the wire: the service refuses it or waits for the rest of it, stores nothing, and serves the others."""

import pytest

from system_tests.harness import raw
from system_tests.harness.http import call
from system_tests.harness.system import System

SERVICES = ("posts", "comments", "moderation", "query", "eventbus")
POST = "POST /posts HTTP/1.1"
JSON = "Content-Type: application/json"
MANY = 50
"""stalled clients: far more than a server has threads"""

GARBAGE = {
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "no version": (b"GET /posts\r\n\r\n", 400),
    "a NUL in the path": (raw.request("GET /po\0sts HTTP/1.1"), 400),
    "a line without end": (raw.request(f"GET /{'a' * 100_000} HTTP/1.1"), 414),
    "a huge header": (raw.request("GET /posts HTTP/1.1", f"X-Header: {'a' * 100_000}"), 431),
    "a thousand headers": (raw.request("GET /posts HTTP/1.1", *(f"X-{n}: a" for n in range(1000))), 431),
    "another host's name": (b"GET /posts HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 400),
    "a length that is no number": (raw.request(POST, JSON, "Content-Length: ten", body=b'{"title":"a"}'), 400),
    "a negative length": (raw.request(POST, JSON, "Content-Length: -1", body=b'{"title":"a"}'), 400),
    "two lengths": (raw.request(POST, JSON, "Content-Length: 13", "Content-Length: 2", body=b'{"title":"a"}'), 400),
    "an astronomic length": (raw.request(POST, JSON, f"Content-Length: {10**20}", body=b'{"title":"a"}'), 413),
    "no length": (raw.request(POST, JSON, "Transfer-Encoding: chunked", body=b'd\r\n{"title":"a"}\r\n0\r\n\r\n'), 411),
    "broken chunks": (raw.request(POST, JSON, "Transfer-Encoding: chunked", body=b"ZZ\r\n"), 400),
}


pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.mark.parametrize("service", SERVICES)
def test_garbage_is_refused(system: System, service: str) -> None:
    answers = {what: raw.send(system, service, data) for what, (data, _) in GARBAGE.items()}
    assert answers == {what: status for what, (_, status) in GARBAGE.items()}
    assert call("GET", system.url(service, "/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("service", "path", "body"),
    [
        ("posts", "/posts", b'{"title": "cut short"}'),
        ("posts", "/posts/create", b'{"title": "cut short"}'),
        ("comments", "/posts/5f0c2a4e-0d3c-4a57-9f43-0c8f1f7b2a11/comments", b'{"content": "cut short"}'),
    ],
)
def test_a_body_that_was_cut_short_is_not_taken_for_the_whole(
    system: System, service: str, path: str, body: bytes
) -> None:
    data = raw.request(f"POST {path} HTTP/1.1", JSON, f"Content-Length: {len(body) + 1}", body=body)
    assert raw.send(system, service, data, then_hang_up=True) == 400


def test_a_body_shorter_than_what_was_sent_is_not_json(system: System) -> None:
    assert raw.send(system, "posts", raw.request(POST, JSON, "Content-Length: 3", body=b'{"title":"a"}')) == 400


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"POST /events HTTP/1.1\r\nHost: loc", id="half a head"),
        pytest.param(
            raw.request("POST /events HTTP/1.1", JSON, "Content-Length: 50", body=b'{"id": '), id="half a body"
        ),
    ],
)
def test_stalled_clients_do_not_keep_the_others_waiting(system: System, service: str, data: bytes) -> None:
    with raw.held(system, service, data, MANY):
        for _ in range(3):
            assert call("GET", system.url(service, "/healthz")).elapsed.total_seconds() < 2


def test_a_slow_body_is_waited_for(system: System) -> None:
    data = raw.request(POST, JSON, "Content-Length: 11", body=b'{"title":')
    with raw.held(system, "posts", data, MANY) as connections:
        assert call("GET", system.url("posts", "/posts")).status_code == 200
        assert [raw.finish(connection, b"7}") for connection in connections] == [400] * MANY
