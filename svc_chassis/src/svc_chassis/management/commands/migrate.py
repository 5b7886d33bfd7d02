from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from svc_chassis.database.migrations import migrating


class Command(migrate.Command):
    """Django's own, by one process at a time."""

    def handle(self, *args: Any, **options: Any) -> None:
        with migrating(connections[options["database"]]):
            super().handle(*args, **options)
