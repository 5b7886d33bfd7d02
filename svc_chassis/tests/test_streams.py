"""Streams of server-sent events, from a server process as it runs."""

import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests
from django.test import Client
from listening import Listener
from orders.stream import Orders
from serving import SOON, Server, servers
from standin import standin

from svc_chassis.sse.feed import Position
from svc_chassis.sse.streams import HEARTBEAT
from svc_chassis.testing.eventually import eventually
from svc_chassis.testing.plugin import pieces, told

STREAMS = 16
"""as in the settings of the sample service"""
LARGE = "x" * 60_000
MANY = 100
"""of them are more than what the system keeps on the way to a client"""


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with standin() as bus, servers(bus.url, tmp_path_factory.mktemp("streams")) as start:
        yield start()


@pytest.fixture
def server(lasting: Server) -> Iterator[Server]:
    """One for all tests that leave it running; whatever they opened is gone."""
    yield lasting
    place(lasting, "news, at which it sees who hung up")
    eventually(lambda: open_streams(lasting) == 0)


@contextmanager
def crowd(server: Server) -> Iterator[list[Listener]]:
    """As many as there may be, and all of them open."""
    with ExitStack() as stack:
        listeners = [stack.enter_context(Listener(server.url)) for _ in range(STREAMS)]
        for listener in listeners:
            listener.begin()
        yield listeners


def place(server: Server, item: str) -> None:
    server.order(str(uuid.uuid4()), item)


def open_streams(server: Server) -> float:
    text = requests.get(f"{server.url}/metrics", timeout=SOON).text
    [value] = [line.split()[1] for line in text.splitlines() if line.startswith("blogbus_streams_open ")]
    return float(value)


def test_a_stream_says_that_it_is_open_and_then_what_happens(server: Server) -> None:
    with Listener(server.url) as listener:
        assert listener.status == 200
        assert {name: listener.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")} == {
            "content-type": "text/event-stream",
            "cache-control": "no-cache",
            "x-accel-buffering": "no",
        }
        begin = listener.begin()

        placed = time.monotonic()
        place(server, "tea")
        assert listener.frame() == {"id": f"orders.{begin + 1}", "event": "order", "data": {"item": "tea"}}
        assert time.monotonic() - placed < HEARTBEAT - 1


def test_a_silent_stream_has_a_heartbeat(server: Server) -> None:
    with Listener(server.url) as listener:
        listener.begin()
        begun = time.monotonic()
        assert listener.chunk() == ": still here\n\n"
        assert 4 < time.monotonic() - begun < SOON


def test_who_comes_back_is_told_what_it_missed_and_reset_where_that_is_not_known(server: Server) -> None:
    with Listener(server.url) as listener:
        begin = listener.begin()
    for item in ("tea", "coffee"):
        place(server, item)

    with Listener(server.url, last=f"orders.{begin + 1}") as back:
        assert back.chunk() == (
            f"retry: 2000\nid: orders.{begin + 2}\n: open\n\n"
            f'id: orders.{begin + 2}\nevent: order\ndata: {{"item":"coffee"}}\n\n'
        )
    for unknown in (f"orders.{begin + 3}", "others.1", "orders.-1", "orders", "orders.1.5", "x" * 3000, "٣.٣"):
        with Listener(server.url, last=unknown) as stranger:
            assert stranger.frame() == {"id": f"orders.{begin + 2}", "event": "reset", "data": {}}


def test_a_backlog_longer_than_one_piece_comes_at_once(client: Client) -> None:
    Orders.feed.restart(Position("orders", 0))
    for number in range(1_200):
        Orders.feed.put("order", number)
    stream, found = pieces(client, "/stream", **{"Last-Event-ID": "orders.0"}), list[int]()

    while len(found) < 1_200:
        found += [data for _, data in told(stream)]

    assert found == list(range(1_200))


def test_over_the_cap_it_is_204_and_requests_are_answered_all_the_same(server: Server) -> None:
    with crowd(server) as listeners:
        with Listener(server.url) as one_more:
            assert (one_more.status, "content-type" in one_more.headers) == (204, False)
        place(server, "tea")
        assert [listener.frame()["data"] for listener in listeners] == [{"item": "tea"}] * STREAMS
        assert open_streams(server) == STREAMS


def test_who_hung_up_makes_room_by_the_next_heartbeat(server: Server) -> None:
    with crowd(server) as listeners:
        for listener in listeners[:3]:
            listener.__exit__()

        eventually(lambda: open_streams(server) == STREAMS - 3)
        with Listener(server.url) as newcomer:
            assert newcomer.status == 200


def test_head_opens_no_stream(server: Server) -> None:
    assert requests.head(f"{server.url}/stream", timeout=SOON).status_code == 200
    assert open_streams(server) == 0


def test_a_stream_counts_as_a_request_only_until_it_opened(server: Server) -> None:
    def spent() -> list[float]:
        text = requests.get(f"{server.url}/metrics", timeout=SOON).text.splitlines()
        labels = '{method="GET",route="stream",status="200"}'
        return [float(line.split()[1]) for line in text if line.startswith(f"blogbus_requests_seconds_sum{labels}")]

    before = sum(spent())
    with Listener(server.url) as listener:
        listener.begin()
        begun = time.monotonic()
        listener.chunk()
    assert sum(spent()) - before < time.monotonic() - begun - 2


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_streams_end_properly_when_the_server_is_told_to_stop(
    start: Callable[..., Server], told: signal.Signals
) -> None:
    server = start()
    with crowd(server) as listeners:
        begun = time.monotonic()
        server.process.send_signal(told)

        for listener in listeners:
            while listener.chunk() is not None:
                pass
        assert server.process.wait(SOON) == 0
        assert time.monotonic() - begun < 8
    assert server.holder() == "", "The relay's lease was not released."
    assert "Traceback" not in server.output()


def test_under_a_server_that_sends_no_streams_it_is_204(client: Client) -> None:
    assert client.get("/stream").status_code == 204


def test_a_client_that_does_not_read_delays_neither_the_others_nor_the_end(start: Callable[..., Server]) -> None:
    server = start()
    with Listener(server.url, buffer=4096) as deaf, Listener(server.url) as other:
        for _ in range(MANY):
            place(server, LARGE)
            assert other.frame()["data"] == {"item": LARGE}
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(SOON) == 0
        assert time.monotonic() - begun < 8
        assert deaf.chunk()


def test_a_client_that_reads_too_slowly_is_cut_off_and_told_what_it_missed_when_it_comes_back(server: Server) -> None:
    with Listener(server.url, buffer=4096) as slow:
        begin = slow.begin()
        for _ in range(MANY):
            place(server, LARGE)
        deadline = time.monotonic() + SOON
        while open_streams(server):
            assert time.monotonic() < deadline
            slow.dribble()
    with Listener(server.url, last=f"orders.{begin + MANY - 1}") as back:
        assert back.frame() == {"id": f"orders.{begin + MANY}", "event": "order", "data": {"item": LARGE}}
    assert "Traceback" not in server.output()
