"""A job that only one process may do at a time, held as a row that runs out when its holder dies."""

from collections.abc import Callable

from django.db import transaction

from svc_chassis.leases.models import Lease

TERM = 4.0
"""seconds a lease holds without renewal"""


class Tenancy:
    """One process's claim on one lease.

    Every new holder raises the epoch; writes that name an old epoch are to be refused, so that a process which froze
    and woke up can't undo its successor's work. A restarted replica takes its own lease back at once.
    """

    def __init__(self, name: str, holder: str, clock: Callable[[], float]) -> None:
        self._name = name
        self._holder = holder
        self._clock = clock
        self._renew_at = 0.0
        self.epoch: int | None = None
        """The epoch we hold; None: another process does the job."""

    def hold(self) -> bool:
        """Take or renew the lease; True while it is ours. Cheap: it writes every TERM / 4 seconds only."""
        now = self._clock()
        # A clock that was set back must not stop the renewals.
        if self.epoch is None or not self._renew_at - TERM < now < self._renew_at:
            self._claim(now)
            self._renew_at = now + TERM / 4
        return self.epoch is not None

    def release(self) -> None:
        """Let another process have it at once."""
        if self.epoch is not None:
            Lease.objects.filter(name=self._name, epoch=self.epoch).update(expires=0)
            self.epoch = None

    def _claim(self, now: float) -> None:
        if self.epoch is not None:
            ours = Lease.objects.filter(name=self._name, epoch=self.epoch)
            if ours.update(expires=now + TERM):
                return
            self.epoch = None
        # Look before locking: whoever waits asks often, and must not be in the holder's way.
        if self._taken(Lease.objects.filter(name=self._name).first(), now):
            return
        with transaction.atomic():
            free = {"holder": "", "epoch": 0, "expires": 0}
            row, _ = Lease.objects.select_for_update().get_or_create(name=self._name, defaults=free)
            if self._taken(row, now):
                return
            row.epoch, row.holder, row.expires = row.epoch + 1, self._holder, now + TERM
            row.save()
        self.epoch = row.epoch

    def _taken(self, row: Lease | None, now: float) -> bool:
        """By another, and not run out. One that runs out in the far future was written by a clock that was wrong."""
        return row is not None and row.holder != self._holder and now < row.expires < now + 2 * TERM
