"""The whole system, running: what people do with it, and what befalls it."""

import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import requests
from launcher.project import ALONE, Shape

from svc_chassis.testing.eventually import EVERY, eventually
from system_tests.harness.http import call, pages
from system_tests.harness.manage import Manage

Seen = TypeVar("Seen")
Json = dict[str, Any]

WITHIN = 15.0
"""seconds in which anything settles, on a machine that is busy with other things"""
TAIL = 4000
"""bytes of each log that a failure shows"""


class System:
    def __init__(
        self,
        run_dir: Path,
        environ: Mapping[str, str],
        without: tuple[str, ...],
        port_base: int | None = None,
        shape: Shape = ALONE,
    ) -> None:
        self.manage = Manage(run_dir, environ, port_base, shape)
        self.run_dir = run_dir
        self.names = [name for name in self.manage.services if name not in without]
        self._without = without

    # --- what people do

    def url(self, service: str, path: str = "") -> str:
        return f"http://127.0.0.1:{self.manage.services[service].port}{path}"

    def post(self, title: str, **more: str) -> Json:
        return self._created("posts", "/posts/create", {"title": title, **more})

    def comment(self, post: Json, content: str, **more: str) -> Json:
        return self._created("comments", f"/posts/{post['id']}/comments", {"content": content, **more})

    def posts(self) -> list[Json]:
        """All that query shows, newest first."""
        return pages(self.url("query", "/posts"))

    def shown(self, post: Json) -> Json | None:
        """One post as query shows it; None: it does not."""
        answer = call("GET", self.url("query", f"/posts/{post['id']}"))
        return answer.json() if answer.status_code == 200 else None

    def statuses(self, post: Json) -> dict[str, str]:
        """What query shows: the comments' statuses by their ids."""
        return {comment["id"]: comment["status"] for comment in (self.shown(post) or {"comments": []})["comments"]}

    def comments(self, post: Json) -> list[Json]:
        """Comments' own list, newest first."""
        return pages(self.url("comments", f"/posts/{post['id']}/comments"))

    def judged(self) -> list[Json]:
        """Comments as moderation keeps them, with the names of all, newest first."""
        return pages(self.url("moderation", "/moderation/comments"), headers=self.bearer("moderator"))

    def as_operator(self, method: str, path: str, **options: Any) -> requests.Response:
        return call(method, self.url("eventbus", path), headers=self.bearer("operator"), **options)

    def as_moderator(self, method: str, path: str, **options: Any) -> requests.Response:
        return call(method, self.url("moderation", path), headers=self.bearer("moderator"), **options)

    @cache  # noqa: B019  (a handful of systems, each as long as a test)
    def bearer(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.manage('token', role).strip()}"}

    def _created(self, service: str, path: str, body: Json) -> Json:
        answer = call("POST", self.url(service, path), json=body)
        assert answer.status_code == 201, f"{answer.status_code}: {answer.text}"
        created: Json = answer.json()
        return created

    # --- what befalls it

    def up(self) -> None:
        self.manage.up(self._without)

    def down(self) -> None:
        self.manage("down")

    def stop(self, *services: str) -> None:
        self.manage("stop", *services)

    def start(self, *services: str) -> None:
        self.manage("start", *services)

    def pid(self, service: str) -> int:
        rows = json.loads(self.manage("status", "--json"))["services"]
        return int({row["name"]: row["pid"] for row in rows}[service])

    def kill(self, service: str) -> None:
        """`kill -9`, the server and its worker at once, as when the machine runs out of memory."""
        os.killpg(self.pid(service), signal.SIGKILL)
        self.eventually(lambda: self.listens(service), False)

    def listens(self, service: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.manage.services[service].port)) == 0

    def mend(self) -> None:
        """Start what does not run."""
        if missing := [name for name in self.names if not self.listens(name)]:
            self.start(*missing)

    # --- what is seen

    def eventually(self, see: Callable[[], Seen], wanted: Any, within: float = WITHIN, every: float = EVERY) -> Seen:
        return eventually(see, wanted, within, self.logs, every)

    def log(self, service: str) -> str:
        file = self.run_dir / "logs" / f"{service}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def logs(self) -> str:
        """The end of each log."""
        return "\n".join(f"--- {name}\n{self.log(name)[-TAIL:]}" for name in self.names)
