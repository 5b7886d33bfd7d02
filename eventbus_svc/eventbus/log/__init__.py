"""Which log this bus keeps: `EVENTBUS_LOG` says."""

import fcntl
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.memory import MemoryLog
from eventbus.log.port import Log

LOCK_WITHIN = 5.0
"""seconds that a bus waits for its predecessor to be gone"""


def the_log() -> Log:
    """This process's log, opened on first use."""
    if not _log:
        with _opening:
            if not _log:
                use(_open())
    return _log[0]


def use(log: Log) -> None:
    """From now on `log` is this process's."""
    _log[:] = [log]


def _open() -> Log:
    """Raises ImproperlyConfigured for an unknown kind of log, or where another process holds it."""
    if settings.EVENTBUS_LOG != "memory://":
        raise ImproperlyConfigured(f"EVENTBUS_LOG is {settings.EVENTBUS_LOG!r}: this bus knows memory://.")
    _hold(settings.RUN_DIR / "eventbus.memory.lock")
    return MemoryLog(settings.EVENTBUS_MEMORY_LIMIT * 1024 * 1024)


def _hold(path: Path) -> None:
    """Lock `path` until this process ends, however it ends: two memory logs would each hold half a history."""
    file = path.open("w")
    deadline = time.monotonic() + LOCK_WITHIN
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ImproperlyConfigured(
                    f"Another event bus with a memory log runs here (it holds {path}): stop it first."
                ) from None
            time.sleep(0.05)
        else:
            _held.append(file)
            return


_log: list[Log] = []
_opening = threading.Lock()
_held: list[object] = []

__all__ = ["Log", "the_log", "use"]
