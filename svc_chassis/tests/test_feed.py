"""A feed remembers the recent past, in bounded memory, and says where it doesn't."""

import threading
from typing import Any

import pytest

from svc_chassis.sse import feed as feeds
from svc_chassis.sse.feed import Feed, Position


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.restart(Position("a", 0))
    return feed


def numbers(feed: Feed, key: int, name: str = "a") -> list[int] | None:
    found = feed.since(Position(name, key))
    return None if found is None else [int(frame.data) for frame in found]


def test_what_follows_a_position_is_told_and_nothing_of_another_history(feed: Feed) -> None:
    for number in (1, 2, 3):
        feed.put("number", number)

    assert [numbers(feed, key) for key in range(5)] == [[1, 2, 3], [2, 3], [3], [], None]
    assert numbers(feed, 1, name="b") is None
    feed.restart(Position("b", 7))
    assert [numbers(feed, key, name="b") for key in (6, 7)] == [None, []]


@pytest.mark.parametrize("bound", ["MOST", "MOST_BYTES"])
def test_it_is_bounded_and_what_it_forgot_is_not_known(feed: Feed, monkeypatch: Any, bound: str) -> None:
    monkeypatch.setattr(feeds, bound, 6)
    monkeypatch.setattr(feeds, "AT_ONCE", 2)
    for number in range(1, 9):
        feed.put("number", number)

    assert [numbers(feed, key) for key in (3, 4, 5, 6)] == [None, [5, 6], [6, 7], [7, 8]]


def test_one_frame_beyond_all_bounds_is_forgotten_at_once(feed: Feed, monkeypatch: Any) -> None:
    monkeypatch.setattr(feeds, "MOST_BYTES", 6)
    feed.put("number", 1)
    feed.put("number", 10**9)

    assert [numbers(feed, key) for key in (0, 1, 2)] == [None, [10**9], []]
    feed.put("number", 10**9)
    assert [numbers(feed, key) for key in (1, 2, 3)] == [None, [10**9], []]


def test_it_is_wanted_while_somebody_listens_and_for_a_moment_longer(feed: Feed, monkeypatch: Any) -> None:
    before = feed.wanted
    feed.want()
    meanwhile = feed.wanted
    monkeypatch.setattr(feeds, "LINGER", 0)
    feed.want()

    assert (before, meanwhile, feed.wanted) == (False, True, False)


def test_many_writers_lose_and_double_nothing(feed: Feed) -> None:
    def write() -> None:
        for _ in range(200):
            feed.put("number", 1)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    heard: list[int] = []
    while len(heard) < 1600:
        heard += [frame.position.key for frame in feed.since(Position("a", heard[-1] if heard else 0)) or []]
    for writer in writers:
        writer.join()

    assert heard == list(range(1, 1601))
