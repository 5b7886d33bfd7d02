"""What a service does once after its database was put back from a backup, so that it ends right beside the others."""

import time

from django.db import transaction

from svc_chassis.inbox.models import Inbox
from svc_chassis.outbox.versions import raise_floor


@transaction.atomic
def restored() -> None:
    """Everything that others told since the backup comes again; what this service tells from now on counts as news."""
    Inbox.restored()
    raise_floor(time.time())
