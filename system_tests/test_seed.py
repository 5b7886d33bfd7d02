"""`seed`: what a newcomer sees first."""

import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from system_tests.conftest import running
from system_tests.harness.system import System

DEMO = {"approved": 6, "rejected": 1, "pending": 1}


@pytest.fixture
def empty() -> Iterator[System]:
    with running({}, ("frontend",)) as system:
        yield system


def fates(system: System) -> Counter[str]:
    return Counter(comment["status"] for post in system.posts() for comment in post["comments"])


def test_seed_writes_posts_whose_comments_meet_every_fate_and_a_second_time_nothing(empty: System) -> None:
    assert "3 posts, 8 comments" in empty.manage("seed")
    empty.eventually(lambda: fates(empty), DEMO)
    before = empty.posts()

    assert "already exist" in empty.manage("seed")
    assert empty.posts() == before

    empty.manage("reset", "--yes")
    empty.up()
    assert empty.posts() == []


def test_seed_writes_as_much_as_it_is_asked_for_and_a_second_time_nothing(empty: System) -> None:
    assert "33 posts, 133 comments" in empty.manage("seed", "--posts", "30", "--comments", "125")
    newest = empty.posts()[0]
    empty.eventually(lambda: empty.shown(newest)["commentCount"], 127)  # type: ignore[index]
    assert len(empty.posts()) == 33

    assert "already exist" in empty.manage("seed", "--posts", "30", "--comments", "125")
    assert len(empty.posts()) == 33


def test_what_a_seed_that_was_interrupted_wrote_is_not_written_again(empty: System) -> None:
    """Also a comment that waits or is rejected, whose author nobody is told."""
    with empty.manage.begun("seed") as seed:
        empty.eventually(lambda: len(empty.judged()) >= 4, True)
        os.kill(seed.pid, signal.SIGKILL)
    empty.manage("seed")
    empty.eventually(lambda: fates(empty), DEMO)


def test_seed_says_what_does_not_run(empty: System) -> None:
    empty.stop("comments")
    with pytest.raises(AssertionError, match="comments is not running"):
        empty.manage("seed")
