"""Bytes on a socket, as no HTTP client would send them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from system_tests.harness.system import System

PATIENCE = 10.0
"""seconds"""


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request's bytes: what is said is sent, true or not."""
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode() + body


def send(system: System, service: str, data: bytes, *, then_hang_up: bool = False) -> int | None:
    """The status answered to `data`; None: the connection was closed without an answer."""
    with _connection(system, service) as connection:
        with suppress(ConnectionError):  # refused before we were done
            connection.sendall(data)
            if then_hang_up:
                connection.shutdown(socket.SHUT_WR)
        return _status(connection)


@contextmanager
def held(system: System, service: str, data: bytes, count: int) -> Iterator[list[socket.socket]]:
    """`count` connections on which `data` was sent, and on which nothing more comes."""
    with ExitStack() as stack:
        connections = [stack.enter_context(_connection(system, service)) for _ in range(count)]
        for connection in connections:
            connection.sendall(data)
        yield connections


def finish(connection: socket.socket, data: bytes) -> int | None:
    """Send the rest; the status answered."""
    connection.sendall(data)
    return _status(connection)


def _connection(system: System, service: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", system.manage.services[service].port), PATIENCE)


def _status(connection: socket.socket) -> int | None:
    try:
        line = connection.recv(65536).split(b"\r\n")[0]
    except ConnectionError:
        return None
    return int(line.split()[1]) if line else None
