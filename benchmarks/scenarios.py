"""The paths that are measured. A scenario yields figures of one system; both systems take turns."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.http import Answer, Connection, Load, Refused, Request, expecting, get, load
from benchmarks.live import audience

if TYPE_CHECKING:  # needs packages, and `--help` none
    from benchmarks.systems import Ours, System

Figures = dict[str, float]
"""by the name of what is measured"""
WITHIN = 120.0
"""seconds in which everything that was written shows"""
CLIENTS = 16
WARM = 2000
"""events before the memory of others is measured"""
TOGETHER = 8
"""posts that are written at once, before a measurement"""
BATCH = 100
VARIABLES = {"durable": {"EVENTBUS_LOG": "database://"}}
"""of the environment of some worlds"""
READERS, STALLED = 2000, 200


@dataclass(frozen=True)
class Scenario:
    run: Callable[[Any, float], Coroutine[Any, Any, Figures]]
    """of one system, for about so many seconds"""
    what: str
    world: str
    """scenarios of one world share their systems, and run in the order of the list"""
    unit: str
    better: str
    """`higher` or `lower`"""
    alone: bool = False
    """whether the peer has nothing like it"""

    @property
    def name(self) -> str:
        return self.run.__name__.replace("_", "-")


_shared: dict[tuple[str, str], list[str]] = {}
"""(system, what) → the ids of posts that several rounds share"""


def forget() -> None:
    """The systems are new ones."""
    _shared.clear()


# --- reading


async def front_page(system: System, seconds: float) -> Figures:
    await _posts(system, 20, comments=3)
    return await _reading(system, seconds, 200)


async def front_page_unchanged(system: System, seconds: float) -> Figures:
    await _posts(system, 20, comments=3)
    etag = (await _ask(system, get(system.url("query", "/posts")))).headers.get("etag", "")
    return await _reading(system, seconds, 304, If_None_Match=etag)


async def front_page_of_1000_posts(system: System, seconds: float) -> Figures:
    await _posts(system, 20, comments=3)
    await _posts(system, 980)
    return await _reading(system, seconds, 200)


async def front_page_while_written(system: System, seconds: float) -> Figures:
    """50 comments per second arrive meanwhile, on one post."""
    await _posts(system, 20, comments=3)
    target = (await _posts(system, 1, what="commented"))[0]
    comment = expecting(201, lambda: system.write_comment(target, "well said"))
    writes = asyncio.create_task(load(system.url("comments"), comment, 1, seconds, every=0.02))
    figures = await _reading(system, seconds, 200)
    await writes
    return figures


async def post_of_500_comments(system: System, seconds: float) -> Figures:
    target = (await _posts(system, 1, comments=500, what="long"))[0]
    # The peer has no page of one post; its comments service answers all comments of one.
    url = system.url("query", f"/posts/{target}")
    if system.name == "Express":
        url = system.url("comments", f"/posts/{target}/comments")
    return await _measured(system, load(url, expecting(200, lambda: get(url)), CLIENTS, seconds))


# --- writing


async def lone_comment(system: System, seconds: float) -> Figures:
    """From the request to approved, one comment at a time."""
    target = (await _posts(system, 1, what="lone"))[0]
    times = []
    async with _Watch(system, target) as watch:
        begun = time.perf_counter()
        while time.perf_counter() < begun + seconds:
            started = time.perf_counter()
            await watch.write()
            await watch.settled()
            times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.05)
    times.sort()
    return {"p50": statistics.median(times), "p99": times[int(len(times) * 0.99)]}


async def lone_comment_cpu(system: System, seconds: float) -> Figures:
    """CPU of all processes for one comment, without what they take at rest."""
    target = (await _posts(system, 1, what="lone"))[0]
    count = max(5, int(seconds / 0.25))
    async with _Watch(system, target) as watch:
        await watch.settled()
        await asyncio.sleep(1.5)
        before = system.cpu()
        await asyncio.sleep(seconds)
        resting = (system.cpu() - before) / seconds
        begun, before = time.perf_counter(), system.cpu()
        for _ in range(count):
            await watch.write()
            await asyncio.sleep(0.25)
        spent, took = system.cpu() - before, time.perf_counter() - begun
        await watch.settled()
    return {"": max(0.1, spent - resting * took) / count}


async def comment_latency(system: System, seconds: float) -> Figures:
    """64 clients write comments on 20 posts."""
    found, _ = await _commenting(system, 64, seconds)
    return {"p50": found.latency(0.5), "p99": found.latency(0.99)}


async def comments_until_approved(system: System, seconds: float) -> Figures:
    before, begun = system.cpu(), time.perf_counter()
    found, watches = await _commenting(system, CLIENTS, seconds)
    for watch in watches:
        await watch.settled(every=0.05)
    count = len(found.latencies)
    return {"": count / (time.perf_counter() - begun), "cpu": (system.cpu() - before) / count}


async def posts_until_visible(system: System, seconds: float) -> Figures:
    last: list[str] = []

    async def write(connection: Connection) -> None:
        last[:] = [_id_of(await connection.ask(system.write_post("A post")))]

    before, begun = system.cpu(), time.perf_counter()
    found = await load(system.url("posts"), write, CLIENTS, seconds)
    async with _Watch(system, last[0]) as watch:
        await watch.there()
    count = len(found.latencies)
    return {"": count / (time.perf_counter() - begun), "cpu": (system.cpu() - before) / count}


# --- the bus


async def acceptance(system: Ours, seconds: float) -> Figures:
    """4 clients publish, while the subscriber is absent."""
    await asyncio.to_thread(system.change, "stop", "query")
    batches = expecting(200, lambda: system.publish(BATCH))
    before = system.cpu()
    found = await load(system.url("eventbus"), batches, 4, seconds)
    return {"": found.rate * BATCH, "cpu": (system.cpu() - before) / len(found.latencies) / BATCH}


async def acceptance_durable(system: Ours, seconds: float) -> Figures:
    """The same, when each batch is on disk before it is answered."""
    return await acceptance(system, seconds)


async def memory_of_events(system: System, seconds: float) -> Figures:
    """What the bus needs for 100,000 events, from so many per second of a round as it takes in a short time."""
    count = int(seconds * (4_000 if system.name == "Express" else 16_000))
    await system.fill(WARM)  # what the first events cost, no later ones do
    before = system.memory("eventbus")
    await system.fill(count)
    return {"": (system.memory("eventbus") - before) * 100_000 / count}


async def catch_up(system: Ours, seconds: float) -> Figures:
    """query was absent for 2,000 events per second of a round; from its first delivery to its last."""
    await asyncio.to_thread(system.change, "stop", "query")
    for _ in range(int(seconds * 2000 / BATCH)):
        await _ask(system, system.publish(BATCH))
    missed = lag = await _lag(system)
    starting = asyncio.create_task(asyncio.to_thread(system.change, "start", "query"))
    begun = time.perf_counter()
    while lag:
        if lag == missed:
            begun = time.perf_counter()
        await asyncio.sleep(0.1)
        lag = await _lag(system)
    took = time.perf_counter() - begun
    await starting
    return {"": missed / took}


# --- streams


async def live_readers(system: Ours, seconds: float) -> Figures:
    """READERS follow the stream of one query process, beside STALLED clients, while two posts a second are written."""
    posts = Connection(system.url("posts"))

    async def writes(seconds: float) -> tuple[list[float], dict[str, float]]:
        begun, took, started = time.perf_counter(), list[float](), dict[str, float]()
        while (now := time.perf_counter()) < begun + seconds:
            started[_id_of(await posts.ask(system.write_post("A post")))] = now
            took.append((time.perf_counter() - now) * 1000)
            await asyncio.sleep(0.5)
        return took, started

    alone, _ = await writes(min(seconds, 60.0))
    before = system.memory("query")
    async with audience(system.url("query"), READERS, STALLED) as heard:
        opened = system.memory("query")
        beside, written = await writes(seconds)
        deadline = time.monotonic() + WITHIN
        while not all(map(heard.all_know, written)):
            if time.monotonic() > deadline or heard.ended:
                raise TimeoutError(f"Not all of {READERS} readers were told; {heard.ended} streams ended.")
            await asyncio.sleep(0.05)
        flat = system.memory("query")
    delays = sorted((heard.slowest[change] - begun) * 1000 for change, begun in written.items())
    print(f"query: {before:.0f} MiB before, {opened:.0f} with all readers, {flat:.0f} at the end", file=sys.stderr)
    return {
        "until all were told, p50": statistics.median(delays),
        "until all were told, p99": delays[int(len(delays) * 0.99)],
        "a write meanwhile, p99": sorted(beside)[int(len(beside) * 0.99)],
        "a write without them, p99": sorted(alone)[int(len(alone) * 0.99)],
    }


async def _lag(system: Ours) -> int:
    """How many events query has not got yet."""
    headers = {"Authorization": f"Bearer {system.secret('operator-token')}"}
    rows: Any = (await _ask(system, Request("GET", system.url("eventbus", "/bus/subscriptions"), b"", headers))).json()
    return next(int(row["lag"]) for row in rows if row["name"] == "query")


async def second_up(system: Ours, seconds: float) -> Figures:
    """`up` with the frontend, when all is installed and built."""
    await asyncio.to_thread(system.stop)
    if "frontend" not in system.roots:  # the first one builds it
        await asyncio.to_thread(system.start, "frontend")
        await asyncio.to_thread(system.stop)
    begun = time.perf_counter()
    await asyncio.to_thread(system.start, "frontend")
    return {"": time.perf_counter() - begun}


async def memory_at_rest(system: System, seconds: float) -> Figures:
    """Of the service that needs most."""
    return {"": max(system.memory(service) for service in system.roots)}


SCENARIOS = (
    Scenario(memory_at_rest, "memory of a service at rest, the largest", "read", "MiB", "lower"),
    Scenario(front_page, "front page of 20 posts, 16 clients", "read", "requests/s", "higher"),
    Scenario(front_page_unchanged, "the same with If-None-Match", "read", "requests/s", "higher"),
    Scenario(front_page_of_1000_posts, "front page at 1,000 posts", "read", "requests/s", "higher"),
    Scenario(lone_comment, "a lone comment until approved", "write", "ms", "lower"),
    Scenario(lone_comment_cpu, "CPU of all processes for a lone comment", "write", "CPU-ms", "lower"),
    Scenario(front_page_while_written, "front page while 50 comments/s arrive", "write", "requests/s", "higher"),
    Scenario(post_of_500_comments, "one post with 500 comments", "write", "requests/s", "higher"),
    Scenario(comment_latency, "a comment's POST, 64 clients", "busy", "ms", "lower"),
    Scenario(comments_until_approved, "comments until approved, 16 clients", "busy", "comments/s", "higher"),
    Scenario(posts_until_visible, "posts until visible, 16 clients", "busy", "posts/s", "higher"),
    Scenario(acceptance, "acceptance at the bus, batches of 100", "bus", "events/s", "higher", alone=True),
    Scenario(catch_up, "catch-up of an absent query service", "bus", "events/s", "higher", alone=True),
    Scenario(acceptance_durable, "acceptance with `database://`", "durable", "events/s", "higher", alone=True),
    Scenario(memory_of_events, "memory of the bus for 100,000 events", "memory", "MiB", "lower"),
    Scenario(second_up, "a second `up`", "live", "s", "lower", alone=True),
    Scenario(live_readers, "2,000 live readers and 200 stalled clients", "live", "ms", "lower", alone=True),
)


# --- what they share


async def _reading(system: System, seconds: float, status: int, **headers: str) -> Figures:
    url = system.url("query", "/posts")
    ask = expecting(status, lambda: get(url, **headers))
    return await _measured(system, load(url, ask, CLIENTS, seconds))


async def _measured(system: System, reading: Awaitable[Load]) -> Figures:
    before = system.cpu()
    found = await reading
    return {"": found.rate, "cpu": (system.cpu() - before) / len(found.latencies)}


async def _commenting(system: System, clients: int, seconds: float) -> tuple[Load, list[_Watch]]:
    targets = await _posts(system, 20, what=f"busy {time.monotonic()}")
    watches = [_Watch(system, target) for target in targets]
    turn = itertools.cycle(watches)

    async def write(connection: Connection) -> None:
        watch = next(turn)
        _created(await connection.ask(system.write_comment(watch.post_id, "well said")))
        watch.written += 1

    return await load(system.url("comments"), write, clients, seconds), watches


async def _posts(system: System, count: int, comments: int = 0, what: str = "posts") -> list[str]:
    """The ids of posts with so many approved comments each; written at the first call, and shown since."""
    known = _shared.setdefault((system.name, f"{what} {count} {comments}"), [])
    while len(known) < count:
        beside = range(len(known), min(count, len(known) + TOGETHER))
        posts = await asyncio.gather(*(_ask(system, system.write_post(f"Post {number}")) for number in beside))
        known += map(_id_of, posts)
    for post_id in known if comments else ():
        async with _Watch(system, post_id) as watch:
            while watch.written < comments:
                await watch.write()
            await watch.settled()
    async with _Watch(system, known[-1]) as watch:
        await watch.there()
    return known


async def _ask(system: System, request: Any) -> Answer:
    connection = Connection(request.url)
    try:
        return await connection.ask(request)
    finally:
        connection.close()


def _created(answer: Answer) -> Answer:
    """Raises Refused: what was not written would never show, or would count as fast."""
    if answer.status != 201:
        raise Refused(f"A write answered {answer.status}: {answer.body[:200]!r}")
    return answer


def _id_of(answer: Answer) -> str:
    created: Any = _created(answer).json()
    return str(created["id"])


class _Watch:
    """Writes comments on one post, and sees when they are approved."""

    def __init__(self, system: System, post_id: str) -> None:
        self.system = system
        self.post_id = post_id
        self.written = 0
        self._writes, self._reads = Connection(system.url("comments")), Connection(system.url("query"))

    async def __aenter__(self) -> _Watch:
        count, _ = self.system.statuses(self.post_id, await self._reads.ask(self.system.shown(self.post_id)))
        self.written = count
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writes.close()
        self._reads.close()

    async def write(self) -> None:
        _created(await self._writes.ask(self.system.write_comment(self.post_id, "well said")))
        self.written += 1

    async def there(self) -> None:
        """Until the post shows."""
        await self._until(lambda answer: self.post_id.encode() in answer.body, 0.02)

    async def settled(self, every: float = 0.002) -> None:
        """Until each comment written here is approved."""

        def done(answer: Answer) -> bool:
            count, statuses = self.system.statuses(self.post_id, answer)
            return count >= self.written and "pending" not in statuses

        await self._until(done, every)

    async def _until(self, done: Callable[[Answer], bool], every: float) -> None:
        deadline = time.monotonic() + WITHIN
        while True:
            with suppress(OSError):
                if done(await self._reads.ask(self.system.shown(self.post_id))):
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.system.name} does not show all that was written after {WITHIN:.0f} s.")
            await asyncio.sleep(every)
