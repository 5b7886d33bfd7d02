"""Many people writing at once. Nobody tries anything twice: what counts is what was answered."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import requests

from system_tests.harness.http import PATIENCE, session
from system_tests.harness.system import Json, System

PAUSE = 0.5
"""seconds that a client rests at most between two writes"""
POSTS = 0.2
"""the share of posts in all writes"""
RECENT = 100
"""posts that are still commented on"""
EMBEDDED = 50
"""comments on one post, at most: query embeds no more"""
REJECTED, HELD = 0.1, 0.05
"""the shares of comments that moderation rejects and holds"""


@dataclass
class Write:
    """One attempt. Its `author` is its own, so that it is known again whatever became of it."""

    author: str
    text: str
    post_id: str | None
    """None: it is a post itself."""
    answer: Json | None = None
    """What came with the 2xx; None: none came, and it may have taken effect or not."""
    decided: Json | None = None
    """What a person made of it, in place of the rules."""


class Clients:
    def __init__(self, system: System, seed: str, count: int, pause: float = PAUSE) -> None:
        self._system = system
        self._pause = pause
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._post_ids: list[str] = []
        self._comments: Counter[str] = Counter()
        self.writes: list[Write] = []
        self.outcomes: Counter[str] = Counter()
        self._threads = [
            threading.Thread(target=self._client, args=(f"client {n}", Random(f"{seed} {n}")), daemon=True)
            for n in range(count)
        ]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads)

    def answered(self, kind: Callable[[Write], bool] = lambda write: True) -> int:
        with self._lock:
            return sum(write.answer is not None and kind(write) for write in self.writes)

    def _client(self, name: str, random: Random) -> None:
        with session() as http:
            number = 0
            while not self._ending.wait(random.uniform(0, self._pause)):
                number += 1
                write = self._next(f"{name}, write {number}", random)
                outcome = self._try(write, http)
                with self._lock:
                    self.writes.append(write)
                    self.outcomes[outcome] += 1
                    if write.answer and write.post_id is None:
                        self._post_ids.append(write.answer["id"])

    def _next(self, author: str, random: Random) -> Write:
        with self._lock:
            recent = [post_id for post_id in self._post_ids[-RECENT:] if self._comments[post_id] < EMBEDDED]
            if not recent or random.random() < POSTS:
                return Write(author, f"A post by {author}", None)
            post_id = random.choice(recent)
            self._comments[post_id] += 1
        kind = random.random()
        extra = "orange" if kind < REJECTED else "https://example.org" if kind < REJECTED + HELD else "hello"
        return Write(author, f"{extra} from {author}", post_id)

    def _try(self, write: Write, http: requests.Session) -> str:
        service, path, body = _request(write)
        try:
            answer = http.post(self._system.url(service, path), json=body, timeout=PATIENCE)
        except requests.RequestException as error:
            return type(error).__name__
        if answer.ok:
            write.answer = answer.json()
        return str(answer.status_code)


def _request(write: Write) -> tuple[str, str, dict[str, Any]]:
    if write.post_id is None:
        return "posts", "/posts/create", {"title": write.text, "author": write.author}
    return "comments", f"/posts/{write.post_id}/comments", {"content": write.text, "author": write.author}
