"""What was removed is nowhere: not in a database, nor in the log, nor in any other file of the system."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from launcher.project import Shape

from system_tests.conftest import running
from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.system import Json, System

SECRET = "kqxvzplm"
"""in every text that is removed, and in no other"""


@pytest.mark.parametrize("log", ["memory://", "database://", "nats"])
def test_no_file_has_the_text_of_what_was_removed(log: str) -> None:
    environ, engines = ({}, (log,)) if log == "nats" else ({"EVENTBUS_LOG": log}, ())
    with running(environ, ("frontend",), shape=Shape(engines)) as system:
        stays = system.post("stays")
        post = write(system, "posts", "/posts", title=f"{SECRET} one", body=SECRET, author=SECRET)
        mine, moderated, held, _ = (
            write(system, "comments", f"/posts/{stays['id']}/comments", content=f"{SECRET} {content}", author=author)
            for content, author in (
                ("hi", "Ada"),
                ("orange", "Ada"),
                ("see https://example.org", "Ben"),
                ("hi", SECRET),
            )
        )
        edit(system, "posts", f"/posts/{post['id']}/text", post, title=f"{SECRET} two")
        path = f"/posts/{stays['id']}/comments/{mine['id']}"
        edit(system, "comments", path, mine, content=f"{SECRET} again")
        system.eventually(lambda: set(system.statuses(stays).values()), {"approved", "rejected", "pending"})
        assert kept(system) != []

        remove(system, "posts", f"/posts/{post['id']}/text", post)
        remove(system, "comments", path, mine)
        for comment in (moderated, held):
            assert system.as_moderator("DELETE", f"/moderation/comments/{comment['id']}").status_code == 204
        assert "1 erased here." in manage(system, "comments", "erase", "--author", SECRET, "--yes")
        # The newest event of the log stays until another follows.
        last = system.post("last")

        system.eventually(lambda: [each["id"] for each in system.posts()], [last["id"], stays["id"]])
        system.eventually(lambda: system.statuses(stays), {})
        # One of the post, and of each comment one by comments and one by moderation.
        told = "9 removed, 0 of them may have earlier events in the log.\n"
        system.eventually(lambda: manage(system, "eventbus", "tombstones"), told, every=0.3)
        assert SECRET not in system.as_operator("GET", "/events").text
        system.down()

        assert kept(system) == []


def write(system: System, service: str, path: str, **body: str) -> Json:
    headers = {"Idempotency-Key": str(uuid4())}
    answer = call("POST", system.url(service, path), json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    written: Json = answer.json()
    return written


def edit(system: System, service: str, path: str, written: Json, **body: str) -> None:
    assert call("PUT", system.url(service, path), json=body, headers=author(written)).status_code == 200


def remove(system: System, service: str, path: str, written: Json) -> None:
    assert call("DELETE", system.url(service, path), headers=author(written)).status_code == 204


def author(written: Json) -> dict[str, str]:
    return {"Authorization": f"Bearer {written['editToken']}"}


def manage(system: System, service: str, *arguments: str) -> str:
    """What `manage.py` of that service says."""
    command = [sys.executable, "manage.py", *arguments]
    environ = system.manage.environ
    done = subprocess.run(
        command, cwd=ROOT / f"{service}_svc", env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def kept(system: System) -> list[str]:
    """The files that have it, once the write-ahead logs are checkpointed."""
    for file in system.run_dir.glob("*.sqlite3"):
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = (path for path in system.run_dir.rglob("*") if path.is_file())
    return [str(path.relative_to(system.run_dir)) for path in files if _has(path)]


def _has(path: Path) -> bool:
    return SECRET.encode() in path.read_bytes()
