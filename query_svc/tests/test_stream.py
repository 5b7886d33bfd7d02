"""GET /posts/stream: which posts changed, whatever process told it and whatever was missed."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from query.changes import Changes, feed
from svc_chassis.inbox.heartbeat import subscription
from svc_chassis.sse.feed import Position
from svc_chassis.testing.plugin import Deliver, pieces, told
from tests.events import comment, post, update

pytestmark = pytest.mark.django_db(transaction=True)

Listen = Callable[..., Iterator[bytes]]


@pytest.fixture
def listen(client: Client) -> Listen:
    """The pieces of a stream, as they come; the history has its name."""
    subscription()
    restarted()
    return partial(pieces, client, "/posts/stream")


def restarted() -> None:
    """Another process, that has heard nothing yet."""
    feed.restart(Position("", 0))


def frames(stream: Iterator[bytes]) -> list[tuple[str, Any]]:
    """What is told next, after the loop has looked."""
    Changes().step()
    return told(stream)


def place(stream: Iterator[bytes]) -> str:
    """The id that the stream begins with."""
    return next(stream).decode().splitlines()[1].removeprefix("id: ")


def test_each_change_of_a_post_is_told_once(listen: Listen, deliver: Deliver) -> None:
    stream = listen()
    place(stream)

    heard = []
    for batch in ([post("p1"), post("p2", 1)], [comment("c1", post_id="p2")], [update("c1", post_id="p2")]):
        deliver(*batch)
        heard.append(frames(stream))

    assert heard == [
        [("post", {"id": "p1"}), ("post", {"id": "p2"})],
        [("post", {"id": "p2"})],
        [("post", {"id": "p2"})],
    ]


def test_what_shows_nowhere_is_not_told(listen: Listen, deliver: Deliver) -> None:
    stream = listen()
    place(stream)
    deliver(comment("c1", post_id="unknown"))
    deliver(post("p1"))
    deliver(post("p1"))

    assert frames(stream) == [("post", {"id": "p1"})]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_comes_back_to_this_process_or_another_is_told_what_it_missed(
    listen: Listen, deliver: Deliver, elsewhere: bool
) -> None:
    deliver(post("p1"))
    first = listen()
    known = place(first)
    Changes().step()
    deliver(post("p2", 1))
    deliver(comment("c1", post_id="p1"))
    if elsewhere:
        restarted()

    assert frames(listen(**{"Last-Event-ID": known})) == [("post", {"id": "p2"}), ("post", {"id": "p1"})]


def test_more_than_one_piece_of_missed_changes_comes_whole(listen: Listen, deliver: Deliver) -> None:
    deliver(post("first"))
    known = place(listen())
    for start in (0, 400, 800):
        deliver(*(post(f"p{number:04}", number) for number in range(start, start + 400)))

    stream, heard = listen(**{"Last-Event-ID": known}), list[tuple[str, Any]]()
    while len(heard) < 1200:
        heard += frames(stream)
    assert heard == [("post", {"id": f"p{number:04}"}) for number in range(1200)]


def test_a_rebuilt_read_model_is_a_reset_for_those_who_listen_and_for_those_who_come_back(
    listen: Listen, deliver: Deliver
) -> None:
    deliver(post("p1"))
    stream = listen()
    known = place(stream)
    Changes().step()
    call_command("rebuild", verbosity=0)

    assert frames(stream) == [("reset", {})]
    deliver(post("p1"), post("p2"))
    assert frames(stream) == [("post", {"id": "p1"}), ("post", {"id": "p2"})]
    assert frames(listen(**{"Last-Event-ID": known})) == [("reset", {})]


@pytest.mark.parametrize("last", ["nonsense", "1", "0.99999999999999999999", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_an_id_that_was_never_given_is_a_reset(listen: Listen, deliver: Deliver, last: str) -> None:
    assert frames(listen(**{"Last-Event-ID": last})) == [("reset", {})]


def test_nobody_looks_while_nobody_listens(deliver: Deliver, django_assert_num_queries: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(feed, "_wanted_until", 0.0)
    with django_assert_num_queries(0):
        Changes().step()


def test_a_post_may_not_be_named_stream(client: Client, deliver: Deliver, listen: Listen) -> None:
    deliver(post("stream"))

    assert place(listen())
    assert client.get("/posts").json()[0]["id"] == "stream"
