"""Several replicas of a service register it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from eventbus.models import Lane, Subscription


def test_the_first_heartbeats_of_several_replicas_make_one_subscription(
    subscribed: Callable[..., Lane], log: None
) -> None:
    start = Barrier(4)

    def register(_: int) -> int:
        start.wait()
        try:
            return subscribed(replace_types=False, inbox_id="7b0f9b0a-5f0c-4f5e-9a53-1d9ea3aef6d1").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        lanes = set(pool.map(register, range(4)))

    assert (len(lanes), Subscription.objects.count(), Lane.objects.count()) == (1, 1, 1)
