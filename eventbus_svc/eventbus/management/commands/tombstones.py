from typing import Any

from django.core.management.base import BaseCommand

from eventbus.models import Tombstone


class Command(BaseCommand):
    help = (
        "Show the removed subjects that may have earlier events in the log. A log erases them within seconds, and the "
        "newest event of a partition once another follows. One that cannot erase single events keeps them until its "
        "retention deletes them: see docs/security.md."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Tombstone.objects.filter(in_log=True).order_by("pk")
        for row in waiting.iterator():
            self.stdout.write(f"{row.source} {row.subject}")
        removed, count = Tombstone.objects.count(), waiting.count()
        self.stdout.write(f"{removed} removed, {count} of them may have earlier events in the log.")
