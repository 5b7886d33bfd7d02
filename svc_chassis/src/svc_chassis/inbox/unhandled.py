"""Event types that arrived without a handler: this release lacks one that another release has.

The bus has settled such events. It delivers them again after a rewind, which a release with the handler asks for.
"""

from collections.abc import Iterable

import structlog
from django.db import transaction

from svc_chassis.inbox.models import Inbox, UnhandledType

log = structlog.get_logger()


def note(types: Iterable[str]) -> None:
    """Record the types, in the transaction that settles their events, with the inbox locked."""
    new = set(types)
    if not new:
        return
    new -= set(UnhandledType.objects.filter(type__in=new).values_list("type", flat=True))
    if new:
        UnhandledType.objects.bulk_create([UnhandledType(type=event_type) for event_type in sorted(new)])
        log.warning("no handler", types=sorted(new))


def ask_again(handled: Iterable[str]) -> bool:
    """Renew the inbox_id if one of the types that are handled now was unhandled before; whether it was.

    The next heartbeat makes the bus deliver the whole history again; what was applied is a duplicate.
    """
    types = list(UnhandledType.objects.filter(type__in=handled).values_list("type", flat=True))
    if not types:
        return False
    with transaction.atomic():
        Inbox.deliver_again()  # holds the inbox: an event that is noted later comes with the next heartbeat's look
        UnhandledType.objects.filter(type__in=types).delete()
    log.info("handled again", types=types)
    return True
