"""Threads that work for the event loop."""

import asyncio
import threading

import pytest

from svc_chassis.server.pool import Pool
from svc_chassis.testing.eventually import eventually


@pytest.fixture
def pool() -> Pool:
    pool = Pool("test", 1)
    pool.start()
    return pool


def fail() -> None:
    raise ValueError("a bug")


def test_it_returns_what_a_call_returns_and_raises_what_it_raises(pool: Pool) -> None:
    async def run() -> list[object]:
        return await asyncio.gather(pool.run(lambda: 1), pool.run(fail), pool.run(lambda: 2), return_exceptions=True)

    first, error, second = asyncio.run(run())

    assert (first, second, str(error)) == (1, 2, "a bug")


def test_what_nobody_waits_for_any_more_is_not_begun_and_what_was_begun_ends(pool: Pool) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), list[str]()

    def work() -> None:
        begun.set()
        go_on.wait(60)
        done.append("begun")

    async def run() -> None:
        running = asyncio.create_task(pool.run(work))
        waiting = asyncio.create_task(pool.run(lambda: done.append("waiting")))
        await asyncio.to_thread(begun.wait, 60)
        running.cancel()
        waiting.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        go_on.set()
        await pool.run(lambda: done.append("next"))

    asyncio.run(run())

    assert done == ["begun", "next"]


def test_a_loop_that_is_gone_does_not_end_a_thread(pool: Pool) -> None:
    release, done = threading.Event(), list[str]()

    async def leave() -> None:
        asyncio.get_running_loop().create_task(pool.run(lambda: release.wait(60)))
        await asyncio.sleep(0.01)

    asyncio.run(leave())
    release.set()

    asyncio.run(pool.run(lambda: done.append("still here")))
    eventually(lambda: done == ["still here"])
