"""The versions of a service's subjects, also after its database was restored from a backup."""

from django.db import transaction

from svc_chassis.outbox.models import VersionFloor
from svc_chassis.outbox.statements import version_floor


def next_version(version: int) -> int:
    """The version after `version`, of a subject whose row the caller has locked: above all that was ever published.

    Only for subjects that this service owns.
    """
    return max(version, version_floor()) + 1


@transaction.atomic
def raise_floor(now: float) -> None:
    """The rows are an earlier copy. Go on above what was published since, which can't be more than one per millisecond.

    `now` is Unix time in seconds; it must not be earlier than at the last restore.
    """
    row = VersionFloor.objects.select_for_update().filter(pk=1).first() or VersionFloor(pk=1, version=0)
    row.version = max(row.version, int(now * 1000))
    row.save()
