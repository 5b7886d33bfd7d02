"""A process that is killed between a write and its idempotency record leaves neither, so a retry can't double it."""

import os
import subprocess
import sys
from pathlib import Path

SENDER = """
import os, sys
import orders.installed
from django.core.management import call_command
from django.test import Client
from orders.models import Entry
from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.outbox.models import OutboxEvent

def killed_once_it_is_answered(record, **options):
    if record.status:
        assert (Entry.objects.count(), OutboxEvent.objects.count()) == (1, 1)
        os._exit(9)
    save(record, **options)

save = IdempotencyRecord.save
if sys.argv[1] == "killed":
    IdempotencyRecord.save = killed_once_it_is_answered
call_command("migrate", verbosity=0)
left = Entry.objects.count(), OutboxEvent.objects.count(), IdempotencyRecord.objects.count()
order = {"id": "o1", "item": "tea"}
answer = Client(SERVER_NAME="localhost").post(
    "/orders", order, content_type="application/json", headers={"Idempotency-Key": "k"}
)
print(left, answer.status_code, Entry.objects.count(), OutboxEvent.objects.count())
"""


def send(fate: str, run_dir: Path) -> tuple[int, str]:
    """Exit status, and what was said at last."""
    environment = os.environ | {"BLOGBUS_RUN_DIR": str(run_dir), "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("DATABASE_URL", None)
    run = subprocess.run([sys.executable, "-c", SENDER, fate], env=environment, capture_output=True, text=True)
    return run.returncode, (run.stdout.splitlines() or [run.stderr])[-1]


def test_a_write_whose_process_is_killed_before_its_record_is_written_is_done_once_by_the_retry(tmp_path: Path) -> None:
    status, _ = send("killed", tmp_path)

    assert status == 9
    assert send("spared", tmp_path) == (0, "(0, 0, 0) 201 1 1")
    assert send("spared", tmp_path) == (0, "(1, 1, 1) 201 1 1")
