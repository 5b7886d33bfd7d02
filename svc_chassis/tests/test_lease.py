"""One holder at a time; whoever comes next has a higher epoch; no clock but each process's own steady one matters."""

import threading
from collections.abc import Callable

import pytest
from conftest import Clock
from django.db import connection

from svc_chassis.leases.lease import TERM, Tenancy
from svc_chassis.leases.models import Lease

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claim(clock: Clock) -> Callable[[str], Tenancy]:
    return lambda holder: Tenancy("job", holder, clock)


Claim = Callable[[str], Tenancy]


def test_only_one_of_two_holds(claim: Claim) -> None:
    one, two = claim("one"), claim("two")

    assert (one.hold(), two.hold(), one.hold()) == (True, False, True)
    assert (one.epoch, two.epoch) == (1, None)


def test_leases_of_two_names_are_two(clock: Clock) -> None:
    assert Tenancy("job", "one", clock).hold()
    assert Tenancy("another", "two", clock).hold()


def test_a_lease_that_is_renewed_is_kept(claim: Claim, clock: Clock) -> None:
    one, two = claim("one"), claim("two")
    for _ in range(20):
        assert (one.hold(), two.hold()) == (True, False)
        clock.advance(TERM / 3)
    assert one.epoch == 1


def test_a_lease_that_ran_out_is_taken_with_a_higher_epoch_and_its_old_holder_learns_it(
    claim: Claim, clock: Clock
) -> None:
    one, two = claim("one"), claim("two")
    assert (one.hold(), two.hold()) == (True, False)
    clock.advance(TERM + 0.1)

    assert two.hold()
    assert two.epoch == 2
    assert not one.hold()
    assert one.epoch is None


def test_a_lease_that_ran_out_and_that_nobody_took_is_renewed_with_its_epoch(claim: Claim, clock: Clock) -> None:
    one = claim("one")
    one.hold()
    clock.advance(10 * TERM)

    assert one.hold()
    assert one.epoch == 1


def test_a_restarted_replica_takes_its_own_lease_back_at_once(claim: Claim) -> None:
    claim("one").hold()
    again = claim("one")

    assert again.hold()
    assert again.epoch == 2


def test_a_released_lease_is_free_at_once(claim: Claim) -> None:
    one, two = claim("one"), claim("two")
    one.hold()
    one.release()

    assert two.hold()
    assert (one.epoch, two.epoch) == (None, 2)


def test_releasing_what_another_has_taken_changes_nothing(claim: Claim, clock: Clock) -> None:
    one, two, three = claim("one"), claim("two"), claim("three")
    assert (one.hold(), two.hold()) == (True, False)
    clock.advance(TERM + 0.1)
    assert two.hold()

    one.release()

    assert not three.hold()
    assert Lease.objects.get().holder == "two"


def test_whoever_comes_new_waits_for_a_whole_term_without_a_beat(claim: Claim, clock: Clock) -> None:
    one, two = claim("one"), claim("two")
    one.hold()
    clock.advance(100 * TERM)
    assert not two.hold()  # it has not seen for how long

    clock.advance(TERM - 0.1)
    assert not two.hold()
    clock.advance(0.2)
    assert two.hold()


def test_who_looks_seldom_does_not_take_a_lease_whose_holder_lives(claim: Claim, clock: Clock) -> None:
    one, two = claim("one"), claim("two")
    for _ in range(5):
        assert (one.hold(), two.hold()) == (True, False)
        clock.advance(3 * TERM)


@pytest.mark.parametrize("apart", [-4_294_967.0, -3600.0, -10.0, 10.0, 3600.0, 4_294_967.0])
def test_machines_whose_clocks_differ_or_jump_agree_on_the_holder(clock: Clock, apart: float) -> None:
    """Each process's clock starts somewhere else, as monotonic ones do."""
    one, two = Tenancy("job", "one", clock), Tenancy("job", "two", lambda: clock.now + apart)
    for _ in range(20):
        assert (one.hold(), two.hold()) == (True, False)
        clock.advance(TERM / 3)
    assert one.epoch == 1

    clock.advance(TERM)
    assert two.hold()


def test_a_holder_that_froze_and_woke_after_another_saw_it_silent_has_lost_the_lease(
    claim: Claim, clock: Clock
) -> None:
    one, two = claim("one"), claim("two")
    for _ in range(6):
        one.hold() if one.epoch is None else None
        two.hold()
        clock.advance(TERM / 4)

    assert (two.epoch, one.hold()) == (2, False)


def test_holding_writes_only_now_and_then_and_waiting_never(
    claim: Claim, django_assert_num_queries: Callable[[int], object]
) -> None:
    one, two = claim("one"), claim("two")
    one.hold()

    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        one.hold()
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        two.hold()


def test_of_many_that_begin_at_once_one_holds(claim: Claim) -> None:
    tenancies = [claim(str(n)) for n in range(4)]
    held: list[bool] = []
    together = threading.Barrier(4)

    def work(tenancy: Tenancy) -> None:
        together.wait()
        held.append(tenancy.hold())
        connection.close()

    threads = [threading.Thread(target=work, args=[tenancy]) for tenancy in tenancies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(held) == [False, False, False, True]
    assert Lease.objects.get().epoch == 1
