"""Waits double up to their limit, however often something failed."""

from random import Random

import pytest

from svc_chassis.runtime.backoff import Backoff, delay, doubled

MANY = [30, 61, 1024, 1025, 10_000, 2**31]


def test_waits_double_up_to_the_limit() -> None:
    assert [doubled(failures, 0.5, 30) for failures in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize("failures", MANY)
@pytest.mark.parametrize(("first", "most"), [(0.1, 2.0), (0.5, 30.0), (600.0, 86_400.0)])
def test_after_any_number_of_failures_the_wait_is_the_limit(failures: int, first: float, most: float) -> None:
    assert doubled(failures, first, most) == most
    assert most / 2 <= delay(failures, first, most, Random(1)) <= most


@pytest.mark.parametrize("failures", MANY)
def test_a_party_that_never_succeeds_goes_on_waiting(failures: int) -> None:
    backoff = Backoff(2.0, lambda: 100.0, Random(1))
    backoff.attempts = failures

    assert 1 <= backoff.failed() <= 2
