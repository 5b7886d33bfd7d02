"""Loops go on whatever a step does, and end when they are told to."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from svc_chassis.runtime import loop, scheduler

SOON = 10.0
"""seconds within which what must happen has happened"""


class Work:
    """Steps that a test can watch."""

    def __init__(self, step: Callable[[int], float]) -> None:
        self._step = step
        self.steps = 0
        self.stopped = threading.Event()
        self.reached = threading.Condition()

    def step(self) -> float:
        with self.reached:
            self.steps += 1
            self.reached.notify_all()
        return self._step(self.steps)

    def stop(self) -> None:
        self.stopped.set()

    def wait_for(self, steps: int) -> bool:
        with self.reached:
            return self.reached.wait_for(lambda: self.steps >= steps, SOON)


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    scheduler.threads.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "AFTER_ERROR", 0.001)


def test_a_step_that_raises_is_not_the_end_of_its_loop(impatient: None, caplog: pytest.LogCaptureFixture) -> None:
    def raise_once(step: int) -> float:
        if step == 1:
            raise RuntimeError("a bug")
        return 60

    work = Work(raise_once)
    scheduler.run("work", work)

    assert work.wait_for(2)
    assert "loop failed" in caplog.text


def test_a_loop_whose_step_raised_rests_whoever_wakes_it() -> None:
    work = Work(lambda step: 1 / 0)
    scheduler.run("work", work)
    assert work.wait_for(1)

    for _ in range(20):
        scheduler.wake("work")
        time.sleep(0.01)

    assert work.steps == 1
    scheduler.threads.stop()
    assert work.stopped.is_set()


def test_a_database_that_fails_fills_no_log_with_tracebacks(impatient: None, caplog: pytest.LogCaptureFixture) -> None:
    def fail(step: int) -> float:
        raise OperationalError("database or disk is full")

    work = Work(fail)
    scheduler.run("work", work)
    assert work.wait_for(2)
    scheduler.threads.stop()

    assert "database or disk is full" in caplog.text
    assert "exc_info" not in caplog.text


@pytest.mark.parametrize("wait", [float("inf"), 1e12])
def test_a_wait_that_is_too_long_for_a_clock_is_not_the_end_of_its_loop(wait: float) -> None:
    work = Work(lambda step: wait)
    scheduler.run("work", work)
    assert work.wait_for(1)

    scheduler.wake("work")

    assert work.wait_for(2)


def test_a_woken_loop_does_not_wait(impatient: None) -> None:
    work = Work(lambda step: 60)
    scheduler.run("work", work)
    assert work.wait_for(1)

    scheduler.wake("work")
    scheduler.wake("nobody")

    assert work.wait_for(2)
    deadline = time.monotonic() + SOON
    while scheduler.threads._running["work"]._wake.is_set():  # or it would never rest again
        assert time.monotonic() < deadline


def test_a_loop_that_is_woken_in_the_middle_of_a_step_does_another() -> None:
    def wake_in_the_first(step: int) -> float:
        if step == 1:
            scheduler.wake("work")
        return 60

    started = threading.Event()
    work = Work(lambda step: (started.wait(SOON), wake_in_the_first(step))[1])
    scheduler.run("work", work)
    started.set()

    assert work.wait_for(2)


def test_stopping_ends_every_loop_and_releases_what_it_held() -> None:
    works = [Work(lambda step: 60), Work(lambda step: 0)]
    for n, work in enumerate(works):
        scheduler.run(str(n), work)
        assert work.wait_for(1)
    assert list(scheduler.threads.names()) == ["0", "1"]

    scheduler.threads.stop()

    assert [work.stopped.is_set() for work in works] == [True, True]
    assert list(scheduler.threads.names()) == []


def test_one_loop_can_end_alone() -> None:
    one, other = Work(lambda step: 60), Work(lambda step: 60)
    scheduler.run("one", one)
    scheduler.run("other", other)

    scheduler.end("one")

    assert one.stopped.wait(SOON)
    assert list(scheduler.threads.names()) == ["other"]
    assert not other.stopped.is_set()


def test_a_loop_that_can_not_end_does_not_hold_up_the_server_nor_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "STOP_WITHIN", 0.05)
    release = threading.Event()
    stuck, other = Work(lambda step: float(release.wait(SOON))), Work(lambda step: 60)
    scheduler.run("stuck", stuck)
    scheduler.run("other", other)
    assert stuck.wait_for(1)
    assert other.wait_for(1)
    thread = scheduler.threads._running["stuck"]
    assert thread.daemon

    scheduler.threads.stop()

    assert other.stopped.wait(SOON)
    assert not stuck.stopped.is_set()
    release.set()
    thread.join(SOON)
    assert stuck.stopped.is_set()


def test_a_stop_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(lambda step: 60)
    work.stop = lambda: 1 / 0  # type: ignore[assignment, method-assign]
    scheduler.run("work", work)
    assert work.wait_for(1)

    scheduler.threads.stop()

    assert "ZeroDivisionError" in caplog.text or "loop failed" in caplog.text
