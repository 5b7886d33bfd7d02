"""`python -m svc_chassis.server --bind 127.0.0.1:4000`: become the server process of the service in this folder.

One worker, several threads; scale by replicas. DJANGO_SETTINGS_MODULE names the service.
"""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings

THREADS = 8
"""for requests; each stream that the service may hold open has one more"""


def gunicorn(bind: str, reload: bool, threads: int) -> list[str]:
    options = ["--bind", bind, "--worker-class", "gthread", "--workers", "1"]
    options += ["--threads", str(threads)]
    options += ["--keep-alive", "75", "--graceful-timeout", "3", "--timeout", "30", "--no-control-socket"]
    options += ["--config", "python:svc_chassis.server.orphans"]
    # A worker's heartbeat file on a disk that stalls would kill the worker.
    options += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    options += ["--log-level", "warning"] + (["--reload"] if reload else [])
    return ["-m", "gunicorn", *options, "svc_chassis.wsgi:application"]


def main() -> None:
    """Replaces this process, so that its pid is the server's."""
    parser = argparse.ArgumentParser(prog="python -m svc_chassis.server", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1:8000", help="address:port (default: %(default)s)")
    parser.add_argument("--reload", action="store_true", help="start again when a source file changes")
    options = parser.parse_args()
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        parser.error("DJANGO_SETTINGS_MODULE is not set: name the service, as in posts.settings")
    # Its own address, in its subscription and its lease, follows from where it listens.
    os.environ.setdefault("SERVICE_PORT", options.bind.rpartition(":")[2])
    threads = THREADS + settings.STREAMS
    os.execv(sys.executable, [sys.executable, *gunicorn(options.bind, options.reload, threads)])


if __name__ == "__main__":
    main()
