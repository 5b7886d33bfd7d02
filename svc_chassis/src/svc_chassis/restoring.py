"""The step after a database was restored from a backup, with which the service converges with the others."""

import time

from django.db import transaction

from svc_chassis.inbox.models import Inbox
from svc_chassis.outbox.versions import raise_floor


@transaction.atomic
def restored() -> None:
    """Make the bus deliver all events again, and let new versions be higher than any published before."""
    Inbox.restored()
    raise_floor(time.time())
