"""Opens the log: the URL scheme of `EVENTBUS_LOG` selects the adapter."""

import threading
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from eventbus.log.port import Log
from svc_chassis.observe.health import warns

ADAPTERS = {
    "memory": "eventbus.log.adapters.memory.open_log",
    "database": "eventbus.log.adapters.database.open_log",
    "nats": "eventbus.log.adapters.nats.open_log",
    "kafka": "eventbus.log.adapters.kafka.open_log",
    "rabbitmq": "eventbus.log.adapters.rabbitmq.open_log",
}


def the_log() -> Log:
    """This process's log, opened on first use. Raises ImproperlyConfigured."""
    if not _log:
        with _opening:
            if not _log:
                use(open_log(settings.EVENTBUS_LOG))
    return _log[0]


@warns
def no_answer() -> list[str]:
    """No warnings: without its log the bus is not ready. Raises Unavailable, and what its database raises."""
    the_log().bounds(0)
    return []


def use(log: Log | None) -> None:
    """Make `log` the log of this process; None: open one on next use."""
    _log[:] = [log] if log else []


def open_log(url: str) -> Log:
    """Raises ImproperlyConfigured if no adapter has this scheme, or if its engine cannot be used."""
    parts = urlsplit(url)
    if parts.scheme not in ADAPTERS:
        known = ", ".join(f"{scheme}://" for scheme in ADAPTERS)
        raise ImproperlyConfigured(f"EVENTBUS_LOG begins with {parts.scheme!r}: set it to one of {known}.")
    try:
        opened = import_string(ADAPTERS[parts.scheme])
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(
            f"EVENTBUS_LOG is {parts.scheme}://…, and its client {error.name} is not installed: run "
            "pip install -r requirements-engines.lock."
        ) from error
    log: Log = opened(parts)
    return log


_log: list[Log] = []
_opening = threading.Lock()
