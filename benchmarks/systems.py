"""The two systems: each starts its processes, knows its URLs, and says what CPU time and memory they take."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import orjson
import psutil
from launcher.project import load
from launcher.run.ports import free_base
from launcher.setup import environment, node

from benchmarks.http import Answer, Connection, Request, get, post
from contracts import PostCreated
from svc_chassis.events.event import BATCH_TYPE, wire
from svc_chassis.events.signing import signed

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 60.0
"""seconds"""
MIB = 1024 * 1024
FILLED = 100
"""events in one batch"""


class System:
    """A running blog. Subclasses start it and know where it differs."""

    name: str

    def __init__(self, base: int) -> None:
        self.base = base
        """the port of posts; the others follow"""
        self.roots: dict[str, psutil.Process] = {}
        """by service: its first process"""

    def url(self, service: str, path: str = "") -> str:
        ports = {"posts": 0, "comments": 1, "query": 2, "moderation": 3, "eventbus": 5}
        return f"http://127.0.0.1:{self.base + ports[service]}{path}"

    def shown(self, post_id: str) -> Request:
        """The page of one post, as a reader asks for it."""
        raise NotImplementedError

    def statuses(self, post_id: str, answer: Answer) -> tuple[int, list[str]]:
        """How many comments the page says that the post has, and the statuses of those that it shows."""
        raise NotImplementedError

    def write_post(self, title: str) -> Request:
        return post(self.url("posts", "/posts/create"), {"title": title})

    def write_comment(self, post_id: str, content: str) -> Request:
        return post(self.url("comments", f"/posts/{post_id}/comments"), {"content": content})

    async def fill(self, count: int) -> None:
        """Publish so many new posts at the bus."""
        raise NotImplementedError

    def cpu(self) -> float:
        """CPU milliseconds of all its processes so far."""
        times = [process.cpu_times() for process in self._processes()]
        return sum(time.user + time.system for time in times) * 1000

    def memory(self, service: str) -> float:
        """MiB that only this service's processes use, or that they share evenly (PSS); resident where not known."""
        infos = [process.memory_full_info() for process in _family(self.roots[service])]
        return sum(getattr(info, "pss", info.rss) for info in infos) / MIB

    def _processes(self) -> Iterator[psutil.Process]:
        return itertools.chain.from_iterable(map(_family, self.roots.values()))


class Ours(System):
    name = "Blogbus"

    def __init__(self, base: int, run_dir: Path, variables: Mapping[str, str]) -> None:
        super().__init__(base)
        self._run_dir = run_dir
        ours = environment.of_tests(os.environ, [service.name for service in load(ROOT, base).services])
        self.environ = {**ours, "BLOGBUS_RUN_DIR": str(run_dir), **variables}

    def start(self, *beside: str) -> None:
        """The five services, and those `beside`: the frontend."""
        without = () if "frontend" in beside else ("--without", "frontend")
        self.manage("up", "--detach", "--no-open", *without, "--port-base", str(self.base))
        self.find()

    def change(self, verb: str, service: str) -> None:
        """`start` or `stop` one service."""
        self.manage(verb, service)
        self.find()

    def find(self) -> None:
        """Find its processes, after services were started or stopped."""
        rows = json.loads(self.manage("status", "--json"))["services"]
        self.roots = {row["name"]: psutil.Process(row["pid"]) for row in rows if row["pid"]}

    def stop(self) -> None:
        self.manage("down")

    def manage(self, *arguments: str) -> str:
        """What `manage_all.py` prints. Raises CalledProcessError."""
        command = [sys.executable, str(ROOT / "manage_all.py"), *arguments]
        return subprocess.run(command, env=self.environ, check=True, stdout=subprocess.PIPE, text=True).stdout

    def secret(self, name: str) -> str:
        return (self._run_dir / "secrets" / name).read_text().strip()

    def publish(self, count: int) -> Request:
        """One signed batch of new posts, as the relay of posts sends it."""
        body = orjson.dumps([_post_created() for _ in range(count)])
        headers = signed(body, "posts", self.secret("events-posts").split())
        return Request("POST", self.url("eventbus", "/events"), body, {"Content-Type": BATCH_TYPE, **headers})

    async def fill(self, count: int) -> None:
        connection = Connection(self.url("eventbus"))
        for _ in range(count // FILLED):
            assert (await connection.ask(self.publish(FILLED))).status == 200
        connection.close()

    def shown(self, post_id: str) -> Request:
        return get(self.url("query", f"/posts/{post_id}"))

    def statuses(self, post_id: str, answer: Answer) -> tuple[int, list[str]]:
        if answer.status == 404:
            return 0, []
        found: Any = answer.json()
        return found["commentCount"], [comment["status"] for comment in found["comments"]]


class Peer(System):
    name = "Express"

    def start(self) -> None:
        search = node.search_path(ROOT)
        for service in ("eventbus", "posts", "comments", "moderation", "query"):
            environ = {"PATH": search, "PORT_BASE": str(self.base), "NODE_ENV": "production"}
            self.roots[service] = psutil.Popen(
                ["node", "service.mjs", service], cwd=ROOT / "benchmarks/peer", env=environ
            )
            if service == "eventbus":
                asyncio.run(_answers(self.url(service, "/events")))
        asyncio.run(_answers(self.url("query", "/posts")))
        asyncio.run(_answers(self.url("posts", "/posts")))

    def stop(self) -> None:
        for process in self.roots.values():
            process.kill()
            process.wait()

    async def fill(self, count: int) -> None:
        connections = [Connection(self.url("eventbus")) for _ in range(16)]

        async def publish(connection: Connection) -> None:
            for _ in range(count // len(connections)):
                event = {"type": "PostCreated", "data": {"id": str(uuid4()), "title": "A post of the benchmark"}}
                await connection.ask(post(self.url("eventbus", "/events"), event))
            connection.close()

        await asyncio.gather(*map(publish, connections))

    def shown(self, post_id: str) -> Request:
        return get(self.url("query", "/posts"))

    def statuses(self, post_id: str, answer: Answer) -> tuple[int, list[str]]:
        posts: Any = answer.json()
        comments = posts.get(post_id, {"comments": []})["comments"]
        return len(comments), [comment["status"] for comment in comments]


@contextmanager
def running(with_peer: bool, variables: Mapping[str, str]) -> Iterator[list[Any]]:
    """Both systems, empty; ours alone without the peer."""
    with ExitStack() as stack:
        systems: list[Any] = []
        if with_peer:
            peer = Peer(free_base(ROOT))
            stack.callback(peer.stop)
            peer.start()
            systems.append(peer)
        ours = Ours(free_base(ROOT), Path(stack.enter_context(TemporaryDirectory(prefix="blogbus-bench-"))), variables)
        stack.callback(ours.stop)
        ours.start()
        yield [ours, *systems]


async def _answers(url: str) -> None:
    """Wait until there is an answer."""
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            await Connection(url).ask(get(url))
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


def _post_created() -> dict[str, object]:
    data = PostCreated.example().model_copy(update={"id": str(uuid4()), "version": 1})
    event_id = str(uuid4())
    return wire(data, event_id=event_id, time=datetime.now(UTC).isoformat(), correlationid=event_id)


def _family(root: psutil.Process) -> list[psutil.Process]:
    return [root, *root.children(recursive=True)]
