"""The HTTP client between services and bus."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from svc_chassis.runtime.http_client import HttpTransport

CONNECTIONS: list["Connection"] = []


class Connection(BaseHTTPRequestHandler):
    """Of all connections the first leads to a stranger, whatever is asked on it."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        CONNECTIONS.append(self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404 if self is CONNECTIONS[0] else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    CONNECTIONS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_connection_is_kept_while_it_serves_and_given_up_once_it_leads_to_a_stranger(url: str) -> None:
    transport = HttpTransport()
    assert [transport.request("POST", url, b"", {}).status for _ in range(4)] == [404, 200, 200, 200]
    assert len(CONNECTIONS) == 2
    transport._session.close()
