"""A service goes back to a release without one of its handlers, and forward again: nothing of what came is missing."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from system_tests.conftest import running
from system_tests.harness.system import System

HANDLED = "@handles_batch(PostCreated, PostUpdated, CommentCreated, CommentUpdated)"


@contextmanager
def earlier_release(system: System, folder: Path, handled: str) -> Iterator[Path]:
    """Meanwhile query runs from a copy in `folder` that handles only the types that `handled` names; its log."""
    running_now = Path(f"/proc/{system.pid('query')}")
    command = running_now.joinpath("cmdline").read_text().rstrip("\0").split("\0")
    environ = dict(pair.split("=", 1) for pair in running_now.joinpath("environ").read_text().split("\0") if pair)
    shutil.copytree(running_now / "cwd", folder, ignore=shutil.ignore_patterns("__pycache__", "*.sqlite3*"))
    handlers = folder / "query" / "handlers.py"
    source = handlers.read_text()
    assert HANDLED in source
    handlers.write_text(source.replace(HANDLED, f"@handles_batch({handled})"))
    system.stop("query")
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=file, stderr=file, start_new_session=True)
    try:
        system.eventually(lambda: system.listens("query"), True)
        yield log
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        system.eventually(lambda: system.listens("query"), False)
        system.start("query")


@pytest.mark.parametrize(
    ("log", "handled"),
    [
        ("memory://", "CommentCreated, CommentUpdated"),
        ("database://", "PostCreated, CommentCreated"),
        ("memory://", "PostCreated"),
    ],
)
def test_what_came_during_the_rollback_shows_after_it(tmp_path: Path, log: str, handled: str) -> None:
    with running({"EVENTBUS_LOG": log}, ("frontend",)) as system:
        before = system.post("before")
        system.eventually(lambda: [post["title"] for post in system.posts()], ["before"])

        with earlier_release(system, tmp_path / "query_svc", handled) as its_log:
            during = system.post("during")
            comments = [system.comment(post, "hello") for post in (before, during)]
            system.eventually(lambda: "no handler" in its_log.read_text(), True)
        after = system.post("after")

        titles = {after["id"]: "after", during["id"]: "during", before["id"]: "before"}
        system.eventually(lambda: {post["id"]: post["title"] for post in system.posts()}, titles)
        shown = [{comment["id"]: "approved"} for comment in comments]
        system.eventually(lambda: [system.statuses(post) for post in (before, during)], shown)
