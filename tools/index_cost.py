"""What the bus's index costs: `.venv/bin/python -m tools.index_cost [memory|database]` prints CPU-µs per event."""

import os
import sys
import time
from tempfile import TemporaryDirectory
from uuid import uuid4

from tools.one_process import ROOT

EVENTS, BATCH = 60_000, 500
KEPT = 20_000
"""events in the index: each new one makes an old one go, except at first"""


def main(kind: str) -> None:
    sys.path.insert(0, str(ROOT / "eventbus_svc"))
    with TemporaryDirectory() as run_dir:
        os.environ |= {
            "BLOGBUS_RUN_DIR": run_dir,
            "DJANGO_SETTINGS_MODULE": "eventbus.settings",
            "EVENTBUS_INDEX_EVENTS": str(KEPT),
            "EVENTBUS_LOG": f"{kind}://",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(f"{kind}://  {measured():.1f} µs of CPU per event, of {EVENTS}, with {KEPT} in the index")


def measured() -> float:
    from eventbus.inspection import index
    from eventbus.log.open import the_log
    from eventbus.publishing import publish
    from svc_chassis.events.event import parse

    log = the_log()
    for first in range(0, EVENTS, BATCH):
        events = [event(n) for n in range(first, first + BATCH)]
        publish(parse(list(events)), events, None, None)
    started = time.process_time()
    while index.follow(log):
        pass
    return (time.process_time() - started) / EVENTS * 1e6


def event(number: int) -> dict[str, object]:
    data = {"id": f"c{number}", "postId": "p1", "content": "hello", "author": "", "status": "pending", "version": 1}
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/comments",
        "type": "CommentCreated",
        "subject": f"c{number}",
        "time": "2026-01-01T09:00:00.000000Z",
        "correlationid": str(uuid4()),
        "data": data | {"createdAt": "2026-01-01T09:00:00.000000Z"},
    }


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "memory")
