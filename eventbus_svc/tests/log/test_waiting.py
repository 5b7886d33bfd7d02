"""Whoever waits is woken by an append, also by one that came before."""

import time

from records import record
from stores import Threads

from eventbus.log.port import Log


def test_nothing_comes_of_waiting_for_nothing(a_log: Log) -> None:
    a_log.wait(0)
    started = time.monotonic()

    assert not a_log.wait(0.2)
    assert 0.15 < time.monotonic() - started < 5


def test_an_append_since_the_last_call_ends_the_wait_at_once(a_log: Log) -> None:
    a_log.wait(0)
    a_log.append([record(1)], None)
    started = time.monotonic()

    assert a_log.wait(30)
    assert time.monotonic() - started < 5
    assert not a_log.wait(0)


def test_an_append_meanwhile_ends_the_wait(a_log: Log) -> None:
    a_log.wait(0)
    with Threads(1) as pool:
        waiting = pool.submit(a_log.wait, 30)
        a_log.append([record(1)], None)

        assert waiting.result(10)
