from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

SHOWN = 3
"""migrations named in a refusal"""


class Command(BaseCommand):
    help = (
        "Run it once after the database was restored from a backup, before the service starts. It migrates the "
        "database, and makes the bus deliver all events again, from the beginning. It is safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := _of_a_later_release():
            more = ", …" if len(unknown) > SHOWN else ""
            raise CommandError(
                f"The backup of {settings.SERVICE_NAME} was made by a later release: this one does not know "
                f"{', '.join(unknown[:SHOWN])}{more}. Restore it with that release."
            )
        call_command("migrate", interactive=False, verbosity=0)
        restored: Callable[[], None] = import_string(settings.RESTORED)
        restored()
        if options["verbosity"]:
            self.stdout.write(f"{settings.SERVICE_NAME}: restored. What it missed comes with the next heartbeat.")


def _of_a_later_release() -> list[str]:
    """Migrations that the database has and this release does not."""
    loader = MigrationLoader(connection)
    known = loader.disk_migrations.keys()
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in known
    )
