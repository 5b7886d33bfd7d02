"""One manage_all.py at a time changes what runs; the kernel lets go of the lock however its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def changing(run_dir: Path, waiting: Callable[[str], None], give_up: Callable[[], bool]) -> Iterator[None]:
    """Waits for the lock, saying so once with the holder's pid; gives up waiting when told to."""
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "lock").open("a+") as file:
        said = False
        while not _taken(file.fileno()) and not give_up():
            if not said:
                file.seek(0)
                waiting(file.read().strip() or "unknown")
                said = True
            time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_free(run_dir: Path) -> bool:
    """Whether nobody is changing anything right now."""
    with (run_dir / "lock").open("a+") as file:
        return _taken(file.fileno())


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
