"""A lock file that one process at a time holds, until it ends, however it ends."""

import fcntl
import time
from pathlib import Path
from typing import IO

from django.core.exceptions import ImproperlyConfigured

WITHIN = 10.0
"""seconds in which the process that is replaced ends"""


def hold(path: Path, refusal: str) -> IO[str]:
    """Lock `path`; close the file to release it.

    Raises ImproperlyConfigured, with `refusal` if another process holds it, or if there can be no such file.
    """
    try:
        file = path.open("w")
    except OSError as error:
        raise ImproperlyConfigured(f"No file can be locked here: {error}.") from error
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.close()
                raise ImproperlyConfigured(refusal) from None
            time.sleep(0.05)
        else:
            return file
