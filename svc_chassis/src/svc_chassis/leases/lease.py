"""A lease: a row that one process holds at a time; another takes it over when the holder stops renewing it."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from svc_chassis.leases.models import Lease

TERM = 4.0
"""seconds without a beat after which a lease is free"""


class Tenancy:
    """One process's claim on one lease.

    Every new holder raises the epoch; writes that name an old epoch are to be refused, so that a process which froze
    and woke up can't undo its successor's work. A restarted replica takes its own lease back at once.
    """

    def __init__(self, name: str, holder: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds and never jumps: time.monotonic."""
        self._name = name
        self._holder = holder
        self._clock = clock
        self._renew_at = 0.0
        self._seen = (0, 0)
        """(epoch, beat) of another's lease, as we last saw it"""
        self._seen_at = 0.0
        self.epoch: int | None = None
        """The epoch we hold; None: another process does the job."""

    def hold(self) -> bool:
        """Take or renew the lease; True while it is ours. Cheap: it writes every TERM / 4 seconds only."""
        now = self._clock()
        if self.epoch is None or now >= self._renew_at:
            self._claim(now)
            self._renew_at = now + TERM / 4
        return self.epoch is not None

    def release(self) -> None:
        """Let another process have it at once."""
        if self.epoch is not None:
            Lease.objects.filter(name=self._name, epoch=self.epoch).update(holder="")
            self.epoch = None

    def _claim(self, now: float) -> None:
        if self.epoch is not None:
            ours = Lease.objects.filter(name=self._name, epoch=self.epoch)
            if ours.update(beat=F("beat") + 1):
                return
            self.epoch = None
        # Look before locking: whoever waits asks often, and must not be in the holder's way.
        if self._taken(Lease.objects.filter(name=self._name).first(), now):
            return
        with transaction.atomic():
            row, _ = Lease.objects.select_for_update().get_or_create(
                name=self._name, defaults={"holder": "", "epoch": 0}
            )
            if self._taken(row, now):
                return
            row.epoch, row.holder, row.beat = row.epoch + 1, self._holder, row.beat + 1
            row.save()
        self.epoch = row.epoch

    def _taken(self, row: Lease | None, now: float) -> bool:
        """Whether another process holds it and renews it."""
        if row is None or row.holder in ("", self._holder):
            return False
        if self._seen != (row.epoch, row.beat):
            self._seen, self._seen_at = (row.epoch, row.beat), now
        return now - self._seen_at < TERM
