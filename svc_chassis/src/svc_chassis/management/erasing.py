"""`manage.py erase`: an operator removes what people wrote, with every copy of its text that the system keeps."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

LEFT = (
    "The event bus erases the earlier events from its log as soon as it has the tombstones, and the other "
    "services follow: see `manage.py tombstones` of the event bus. Backups keep the text until you delete them."
)


class ErasingCommand(BaseCommand):
    """Shows what it will erase, asks, and erases one after the other. Killed in between, it can be run again."""

    what: ClassVar[str]
    """what a row is, such as `post`"""
    selections: ClassVar[Mapping[str, tuple[str, str]]]
    """option → the field that it selects by, and its help text"""

    def rows(self) -> QuerySet[Any]:
        """All rows; each has `id`, `author`, `created_at` and `removed`."""
        raise NotImplementedError

    def erase(self, pk: str) -> None:
        """Erase the row with that id."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        for option, (_, told) in self.selections.items():
            which.add_argument(f"--{option}", help=told)
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        option, value = next((name, options[name]) for name in self.selections if options[name] is not None)
        field, _ = self.selections[option]
        rows = list(self.rows().filter(**{field: value}).order_by("seq")) if value else []
        if not rows:
            raise CommandError(f"There is no {self.what} with {option} {value!r} here; nothing was erased.")
        for row in rows:
            state = "removed already" if row.removed else f"by {row.author!r}"
            self.stdout.write(f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {state}")
        if not options["yes"]:
            self._ask(len(rows))
        for row in rows:
            self.erase(row.id)
        self.stdout.write(f"{len(rows)} erased here. {LEFT}")

    def _ask(self, count: int) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nothing was erased: run it with --yes to erase these.")
        if input(f"Erase {count} for good? No copy is left to restore. [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was erased.")
