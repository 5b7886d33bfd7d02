from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from eventbus.models import Lane, Tombstone

LOG = "the log (one that cannot erase single events keeps them until its retention deletes them: docs/security.md)"


class Command(BaseCommand):
    help = "Show which removed subjects have earlier events that are not erased yet, and what they wait for."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Tombstone.objects.filter(Q(in_log=True) | Q(in_lanes=True)).order_by("pk")
        for row in waiting.iterator():
            self.stdout.write(f"{row.source} {row.subject} waits for {' and for '.join(_reasons(row))}")
        count = waiting.count()
        self.stdout.write(f"{Tombstone.objects.count()} removed, {count} of them with earlier events that may be left.")


def _reasons(row: Tombstone) -> list[str]:
    behind = Lane.objects.filter(partition=row.partition).exclude(log_id=row.log_id, cursor__gte=row.through)
    names = ", ".join(behind.order_by("subscription").values_list("subscription", flat=True))
    lanes = f"deliveries to {names or 'nobody'}"
    return [reason for reason, waits in ((LOG, row.in_log), (lanes, row.in_lanes)) if waits]
