"""docs/bring-your-own-service.md, command by command: a service of the course in the place of each of ours."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
from launcher.quality import suites
from launcher.setup import node

from system_tests.conftest import undisturbed
from system_tests.harness.document import commands_under
from system_tests.harness.http import PATIENCE, call
from system_tests.harness.manage import ROOT
from system_tests.harness.system import Json, System

DOCUMENT = ROOT / "docs" / "bring-your-own-service.md"
OURS = re.compile(r"((?:\w+=\S+ )*)python3 manage_all\.py (.+)")
YOURS = re.compile(r"node (event-bus|[a-z]+)/index\.js &")
SERVICES = ("posts", "comments", "query", "moderation", "eventbus")


class Walk:
    """One section of the document, walked: our services, and a foreign one for one of them or beside them."""

    def __init__(self, run_dir: Path, name: str) -> None:
        self.name = name
        self.system = System(run_dir, {}, (name,))
        self.base = self.system.manage.port_base
        self._yours: subprocess.Popen[bytes] | None = None

    def type(self, command: str) -> None:
        moved = re.sub(r"\blocalhost:(\d{4})\b", lambda port: f"localhost:{self.moved(int(port[1]))}", command)
        if YOURS.fullmatch(command):
            self.start()
        elif ours := OURS.fullmatch(moved):
            arguments = shlex.split(ours[2])
            if arguments[0] == "up":
                arguments += ["--no-open", "--port-base", str(self.base)]
            self.system.manage(*arguments, environ=dict(word.split("=", 1) for word in ours[1].split()))
        else:
            environ = {**os.environ, "BLOGBUS_RUN_DIR": str(self.system.run_dir)}
            subprocess.run(["bash", "-c", moved], cwd=ROOT, env=environ, check=True, timeout=PATIENCE)

    def moved(self, port: int) -> int:
        """Where this system has what the document names."""
        return port - 4000 + self.base

    def start(self) -> None:
        environ = {**os.environ, "PORT_BASE": str(self.base)}
        module = f"system_tests.foreign.{self.name}"
        self._yours = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environ)
        at = {**{name: one.port for name, one in self.system.manage.services.items()}, "activity": self.moved(4006)}
        self.system.eventually(lambda: listens(at[self.name]), True)

    def stop(self) -> None:
        if self._yours:
            self._yours.kill()
            self._yours.wait()
            self._yours = None

    # --- what a reader does, all of it through the page's server

    def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        answer = call(method, self.system.url("frontend", path), json=body)
        if not answer.ok:
            raise requests.HTTPError(f"{method} {path}: {answer.status_code} {answer.text}", response=answer)
        return answer.json()

    def write_post(self, title: str) -> str:
        """Its id, once the bus has it: the course's query falls over a comment that is there before its post."""
        post_id: str = self.ask("POST", "/posts/create", {"title": title})["id"]
        if self.system.listens("eventbus"):
            self.system.eventually(lambda: post_id in self._subjects(), True)
        return post_id

    def _subjects(self) -> list[str]:
        return [event["data"]["id"] for event in call("GET", self.system.url("eventbus", "/events")).json()]

    def comment(self, post_id: str, content: str) -> None:
        self.ask("POST", f"/posts/{post_id}/comments", {"content": content})

    def posts(self) -> dict[str, Json]:
        found = self.ask("GET", "/posts")
        return found if isinstance(found, dict) else {post["id"]: post for post in found}

    def shows(self, post_id: str, *statuses: str) -> None:
        """The post comes to be there with comments of these statuses, none of them twice."""
        self.system.eventually(lambda: self._statuses(post_id), list(statuses))

    def _statuses(self, post_id: str) -> list[str] | None:
        post = self.posts().get(post_id)
        return None if post is None else [comment["status"] for comment in post["comments"]]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def walked(name: str, steps: int | None = None) -> Iterator[Walk]:
    """The commands below the heading `name` are given; only the first `steps`, where the test gives the others."""
    with TemporaryDirectory(prefix="blogbus-") as run_dir:
        walk = Walk(Path(run_dir).resolve(), name)
        try:
            for command in commands_under(DOCUMENT, "One more" if name == "activity" else name)[:steps]:
                walk.type(command)
            yield walk
        finally:
            with undisturbed():
                walk.stop()
                walk.system.down()
            assert walk.system.manage.processes() == []


def journey(walk: Walk) -> None:
    """A reader's, in a browser. Raises AssertionError where it fails."""
    ours = {"BLOGBUS_URL": walk.system.url("frontend"), "CHROMIUM": suites.chromium()}
    environ = {**os.environ, **ours, "PATH": node.search_path(ROOT)}
    command = ["npx", "vitest", "run", "--config", "browser/vitest.config.ts", "reader.journey"]
    folder = ROOT / "frontend"
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_the_course_takes_the_place_of_ours(name: str) -> None:
    with walked(name) as walk:
        post_id = walk.write_post("Written by a reader")
        walk.shows(post_id)
        walk.comment(post_id, "hello")
        walk.shows(post_id, "approved")
        walk.comment(post_id, "orange")
        walk.shows(post_id, "approved", "rejected")
        if suites.chromium():
            journey(walk)

        walk.stop()
        meanwhile = post_id if name == "posts" else walk.write_post("Written while it was away")
        if name != "comments":
            walk.comment(meanwhile, "hello again")
        walk.system.manage("restart", *[own for own in walk.system.names if own != "frontend"])
        walk.start()
        if name == "comments":
            walk.comment(meanwhile, "hello again")
        if name == "posts":
            walk.shows(post_id, "approved", "rejected", "approved")
        else:
            walk.shows(meanwhile, "approved")
            walk.shows(post_id, "approved", "rejected")
        last = walk.write_post("Written after a restart")
        walk.comment(last, "orange again")
        walk.shows(last, "rejected")
        assert "Traceback" not in walk.system.logs()
        if name == "eventbus":
            rows = json.loads(walk.system.manage("status", "--json"))["services"]
            warnings = {row["name"]: row["warnings"] for row in rows}
            assert "is not a Blogbus event bus" in str(warnings["posts"])


def test_one_more_service_joins_gets_the_history_again_and_leaves() -> None:
    _up, _start, subscribe, *later, unsubscribe = commands_under(DOCUMENT, "One more")
    with walked("activity", steps=2) as walk:

        def counts() -> dict[str, int]:
            counted: dict[str, int] = call("GET", f"http://127.0.0.1:{walk.moved(4006)}/activity").json()
            return counted

        walk.write_post("Written before it came")
        walk.type(subscribe)
        walk.system.eventually(counts, {"PostCreated": 1})
        liked = {"type": "PostLiked", "data": {"id": "5f3a9c1b"}}
        assert call("POST", walk.system.url("eventbus", "/events"), json=liked).ok
        walk.system.eventually(counts, {"PostCreated": 1, "PostLiked": 1})
        for command in later:
            walk.type(command)
        walk.system.eventually(counts, {"PostCreated": 2, "PostLiked": 2})
        walk.type(unsubscribe)
        known = walk.system.as_operator("GET", "/bus/subscriptions").json()
        assert "activity" not in {one["name"] for one in known}
