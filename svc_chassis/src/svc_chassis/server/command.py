"""`python -m svc_chassis.server --bind 127.0.0.1:4000`: become the server process of the service in this folder.

One worker: an event loop, and few threads for Django; scale by replicas. DJANGO_SETTINGS_MODULE names the service.
"""

import argparse
import os
import resource
import sys
from pathlib import Path

FILES = 65_536
"""open files, which bound the connections; as many as the system allows, at most this"""


def gunicorn(bind: str, reload: bool) -> list[str]:
    options = ["--bind", bind, "--worker-class", "svc_chassis.server.worker.Worker", "--workers", "1"]
    options += ["--keep-alive", "75", "--graceful-timeout", "5", "--timeout", "30", "--no-control-socket"]
    # Whoever hung up is not waited for.
    options += ["--asgi-disconnect-grace-period", "0"]
    # A worker's heartbeat file on a disk that stalls would kill the worker.
    options += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    options += ["--log-level", "warning"] + (["--reload"] if reload else [])
    return ["-m", "gunicorn", *options, "svc_chassis.asgi:application"]


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
    _allow_connections()
    os.execv(sys.executable, [sys.executable, *gunicorn(options.bind, options.reload)])


def _allow_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    main()
