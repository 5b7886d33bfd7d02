from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from svc_chassis.runtime.pruning import Pruning, prune
from svc_chassis.web.numbers import whole_number

MOST = 36_500


def days(text: str) -> int:
    """At least a day: that long a repeated write is promised its first answer."""
    found = whole_number(text, 1, MOST)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is not a whole number of days from 1 to {MOST}.")
    return found


class Command(BaseCommand):
    help = (
        "Deletes what is old and not needed any more, and says what stays and why. While the bus keeps its log in "
        "memory, outbox and inbox stay whole. Rows that were deleted are in no outbox: a bus that goes back to a log "
        "in memory, or loses its durable one, can't have them again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=days, default=7, metavar="DAYS", help="default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, and delete nothing")

    def handle(self, *args: Any, older_than: int, dry_run: bool, **options: Any) -> None:
        tables: Callable[[datetime], Iterator[Pruning]] = import_string(settings.PRUNED_TABLES)
        self.stdout.write(f"{settings.SERVICE_NAME}: what is older than {older_than} day{'s' * (older_than > 1)}")
        for table in tables(timezone.now() - timedelta(days=older_than)):
            done = f"{table.goes.count()} would be deleted" if dry_run else f"{prune(table.goes)} deleted"
            kept = [f"{count} kept: {why}" for why, rows in table.stays.items() if (count := rows.count())]
            self.stdout.write("; ".join([f"{table.table}: {done}", *kept]))
