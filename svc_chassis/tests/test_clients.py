"""Clients that are slow, or never come to an end, on real sockets: nobody else waits for them, and they are let go."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests
from orders.settings import CLIENT_DEADLINE
from serving import SOON, Server, servers
from standin import standin

HALF_HEAD = b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: appl"
HEAD = b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
HALF_BODY = HEAD % 99 + b'{"id"'
WHOLE = b"GET /orders HTTP/1.1\r\nHost: localhost\r\n\r\n"
ITEM = "x" * 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with standin() as bus, servers(bus.url, tmp_path_factory.mktemp("clients")) as start:
        yield start()


@pytest.fixture
def connect(server: Server) -> Iterator[Callable[..., socket.socket]]:
    """Opens a connection, and sends these bytes."""
    parts = urlsplit(server.url)
    with ExitStack() as stack:

        def _connect(sent: bytes, buffer: int | None = None) -> socket.socket:
            connection = stack.enter_context(socket.socket())
            if buffer:
                for which in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                    connection.setsockopt(socket.SOL_SOCKET, which, buffer)
            connection.settimeout(SOON)
            connection.connect((parts.hostname, parts.port))
            connection.sendall(sent)
            return connection

        yield _connect


def everything(connection: socket.socket) -> bytes:
    """Until the server closes it."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


@pytest.mark.parametrize("sent", [HALF_HEAD, HALF_BODY], ids=["head", "body"])
def test_200_clients_that_send_half_hold_nobody_up_and_are_refused_in_the_end(
    server: Server, connect: Callable[..., socket.socket], sent: bytes
) -> None:
    slow = [connect(sent) for _ in range(200)]
    for number in range(10):
        assert requests.get(f"{server.url}/healthz", timeout=CLIENT_DEADLINE / 2).ok
        order = {"id": f"o{time.monotonic()}", "item": str(number)}
        assert requests.post(f"{server.url}/orders", json=order, timeout=CLIENT_DEADLINE / 2).status_code == 201

    for connection in slow:
        status, headers, body = parsed(everything(connection))
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert json.loads(body)["detail"] == "The request was not complete after 4 seconds."


def test_clients_that_do_not_read_hold_nobody_up_and_are_cut_off(
    server: Server, connect: Callable[..., socket.socket]
) -> None:
    for number in range(60):
        server.order(f"large-{number}", ITEM)
    deaf = [connect(WHOLE, buffer=4096) for _ in range(20)]
    for _ in range(10):
        assert requests.get(f"{server.url}/healthz", timeout=CLIENT_DEADLINE / 2).ok
    whole = len(requests.get(f"{server.url}/orders", timeout=SOON).content)

    time.sleep(CLIENT_DEADLINE + 1.5)  # nothing tells a client that does not read that it was cut off
    for connection in deaf:
        assert len(everything(connection)) < whole


def test_2000_idle_connections_hold_nobody_up(server: Server, connect: Callable[..., socket.socket]) -> None:
    idle = [connect(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(2_000)]
    assert requests.get(f"{server.url}/healthz", timeout=SOON).ok
    assert all(b"200 OK" in connection.recv(65536) for connection in idle)


def test_who_sends_no_more_is_answered_all_the_same(server: Server, connect: Callable[..., socket.socket]) -> None:
    order = b'{"id": "half-closed", "item": "tea"}'
    connection = connect(HEAD % len(order) + order)
    connection.shutdown(socket.SHUT_WR)

    assert parsed(everything(connection))[0] == 201


@pytest.mark.parametrize("sent", [HALF_HEAD, HALF_BODY], ids=["head", "body"])
def test_who_ends_in_the_middle_of_a_request_is_told_so(connect: Callable[..., socket.socket], sent: bytes) -> None:
    connection = connect(sent)
    connection.shutdown(socket.SHUT_WR)

    status, _, body = parsed(everything(connection))
    assert (status, json.loads(body)["detail"]) == (400, "The request ended before it was complete.")


def test_who_is_refused_while_it_sends_gets_to_read_why(server: Server, connect: Callable[..., socket.socket]) -> None:
    size = 2_000_000
    connection = connect(HEAD % size, buffer=65_536)
    connection.sendall(b" " * size)
    connection.shutdown(socket.SHUT_WR)

    status, _, body = parsed(everything(connection))
    assert (status, json.loads(body)["detail"]) == (413, "The body is longer than 262144 bytes.")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: magic\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_gets_a_problem_that_does_not_say_which_server_this_is(
    connect: Callable[..., socket.socket], sent: bytes, status: int
) -> None:
    found, headers, body = parsed(everything(connect(sent)))
    assert (found, headers["content-type"], json.loads(body)["status"]) == (status, "application/problem+json", status)
    assert "server" not in headers


def test_no_answer_says_which_server_this_is(server: Server) -> None:
    assert "Server" not in requests.get(f"{server.url}/healthz", timeout=SOON).headers
