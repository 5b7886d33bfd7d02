import os
from typing import Any

from django.conf import settings
from django.core.management.commands.runserver import Command as Runserver

WILDCARDS = {"0.0.0.0": "127.0.0.1", "0": "127.0.0.1", "::": "::1"}


class Command(Runserver):
    """Listens on the service's own port, and tells the bus the address where it listens."""

    default_port = str(settings.SERVICE_PORT)
    addr: str
    port: str

    def inner_run(self, *args: Any, **options: Any) -> None:
        """In the process that serves; the reloader's parent starts no loops."""
        if "SERVICE_URL" not in os.environ:
            host = WILDCARDS.get(self.addr, self.addr)
            settings.SERVICE_URL = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        settings.REPLICA = settings.REPLICA.rpartition(":")[0] + f":{self.port}"
        super().inner_run(*args, **options)
