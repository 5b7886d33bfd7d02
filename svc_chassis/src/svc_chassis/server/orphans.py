"""A worker ends when its master is gone: gunicorn's own check waits for open streams, and holds the port meanwhile.

gunicorn reads this module as its configuration; it calls `post_fork` in each new worker.
"""

import os
import signal
import threading
import time
from typing import Any

EVERY = 0.5
"""seconds between two checks of the parent; polled, because Linux and macOS have no common notification"""
GRACE = 5.0
"""seconds that open requests have to finish"""


def post_fork(server: Any, worker: Any) -> None:
    threading.Thread(target=_watch, args=[worker.ppid], name="master", daemon=True).start()


def _watch(master: int) -> None:
    while os.getppid() == master:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
