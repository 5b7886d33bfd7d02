"""The HTTP client between services and bus."""

from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.testing.http_server import Heard, Reply, serving


def test_a_connection_is_kept_while_it_serves_and_given_up_once_it_leads_to_a_stranger() -> None:
    connections: list[int] = []

    def answer(heard: Heard) -> Reply:
        """Of all connections the first leads to a stranger, whatever is asked on it."""
        connections.append(heard.port)
        return Reply(404 if heard.port == connections[0] else 200)

    transport = HttpTransport()
    with serving(answer) as url:
        assert [transport.request("POST", url, b"", {}).status for _ in range(4)] == [404, 200, 200, 200]
        transport.close()
    assert len(set(connections)) == 2
