"""A person who decides on comments, also anew, while everything breaks: what makes histories longer than two events."""

import threading
from dataclasses import dataclass
from random import Random

import requests

from system_tests.harness.clients import Clients
from system_tests.harness.http import PATIENCE
from system_tests.harness.system import Json, System

PAUSE = 0.8
"""seconds between two decisions, at most"""
RECENT = 50
"""comments that are still decided on, so that some are decided on again"""


@dataclass(frozen=True)
class Decision:
    comment_id: str
    author: str
    status: str
    reason: str
    answer: Json | None
    """What came with the 200; None: none came, and it may have taken effect or not."""


class Moderator:
    def __init__(self, system: System, clients: Clients, random: Random) -> None:
        self._system = system
        self._clients = clients
        self._random = random
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._token = system.bearer("moderator")
        self.decisions: list[Decision] = []

    def __enter__(self) -> "Moderator":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(2 * PATIENCE)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        number = 0
        while not self._ending.wait(self._random.uniform(0, PAUSE)):
            written = [write for write in self._clients.writes[-RECENT:] if write.post_id and write.answer]
            if written:
                number += 1
                write = self._random.choice(written)
                assert write.answer is not None
                self._decide(write.answer["id"], write.author, number)

    def _decide(self, comment_id: str, author: str, number: int) -> None:
        status, reason = self._random.choice(["approved", "rejected"]), f"decision {number}"
        try:
            answer = self._system.as_moderator(
                "POST", f"/moderation/comments/{comment_id}/decision", json={"status": status, "reason": reason}
            )
        except requests.RequestException:
            told = None
        else:
            if answer.status_code == 404:
                return  # it has not come to moderation yet
            told = answer.json() if answer.ok else None
        self.decisions.append(Decision(comment_id, author, status, reason, told))
