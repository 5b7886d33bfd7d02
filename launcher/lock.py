"""One manage_all.py at a time changes what runs, and one what is installed; the kernel frees a lock with its holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path, waiting: Callable[[str], None], give_up: Callable[[], bool]) -> Iterator[int]:
    """Waits for the lock, saying so once with the holder's pid; gives up waiting when told to.

    Yields its descriptor: a child that gets it holds the lock as long as it lives, also when its parent dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
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
        yield file.fileno()


def is_free(path: Path) -> bool:
    """Whether nobody holds it right now."""
    with path.open("a+") as file:
        return _taken(file.fileno())


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
