"""The wall clock is set while a process runs: what waits does not notice, and nothing is deleted for it."""

import time

import pytest
from conftest import Clock

from svc_chassis.runtime.clock import Believed
from svc_chassis.web.throttling import WriteThrottle

JUMPS = [-4_294_967.0, -3600.0, 3600.0, 4_294_967.0]


@pytest.mark.parametrize("jump", JUMPS)
def test_what_is_deleted_by_age_is_never_deleted_early(clock: Clock, jump: float) -> None:
    set_by = 0.0
    began = clock()
    believed = Believed(lambda: clock() + set_by, clock)
    clock.advance(60)
    assert believed() == began + 60

    set_by = jump
    clock.advance(60)

    assert believed() == began + 120 + min(jump, 0)
    set_by = 0.0
    assert believed() == began + 120


def test_writes_are_counted_by_the_steady_clock() -> None:
    """By the wall clock, one that is set back an hour would refuse an hour's writes."""
    before = time.monotonic()
    assert before <= WriteThrottle().timer() <= time.monotonic()
