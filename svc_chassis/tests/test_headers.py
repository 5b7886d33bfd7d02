"""The sample service answers whatever the headers say."""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
from serving import Server, servers
from standin import standin

from svc_chassis.testing.conformance import HeadersDoor


class TestHeaders(HeadersDoor):
    BROKEN = {"broken"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with standin() as bus, servers(bus.url, tmp_path_factory.mktemp("headers")) as start:
        yield start()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Type: a/b; c*=nope'x'%ff", 415),
        ("Content-Type: application/json; charset*=nope''x", 415),
        ("Content-Type: ; charset=utf-8", 415),
        ("Content-Type: \xe9/\xff", 415),
        ("Content-Type: application/json; charset=nope", 400),
        ("Content-Length: " + "9" * 4_000, 413),
        ("Content-Length: " + "0" * 4_000 + "2", 415),
        ("Content-Length: \xb2", 400),
        ("Accept: " + "text/x," * 1_000, 415),
        ("Accept: " + "x" * 100_000, 431),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_server_process_answers_whatever_the_headers_say(server: Server, header: str, status: int) -> None:
    length = "" if "Content-Length" in header else "Content-Length: 2\r\n"
    with socket.create_connection((urlsplit(server.url).hostname, urlsplit(server.url).port), timeout=10) as connection:
        connection.sendall(
            f"POST /orders HTTP/1.1\r\nHost: localhost\r\n{length}{header}\r\n\r\n{{}}".encode("latin-1")
        )
        answer = HTTPResponse(connection)
        answer.begin()
        assert answer.status == status, answer.read()
    assert "Traceback" not in server.output()
