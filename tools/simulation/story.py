"""One run's actions, drawn from the seed, and what their authors were promised."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from comments.models import Comment
from eventbus.models import Parked
from posts.models import Post
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime.http_client import Unreachable
from tools.simulation.places import Crash
from tools.simulation.town import Town

PUBLISHERS = ("posts", "comments", "moderation")
CONSUMERS = ("posts", "comments", "moderation", "query")
PAUSES = (0, 0.02, 0.1, 0.5, 1.5)
"""seconds between two actions"""


@dataclass(frozen=True)
class Action:
    run: Callable[["Story"], None]
    weight: int
    within: bool = False
    """whether it may also happen while a request is on its way"""


class Story:
    """Draws actions, and keeps what was acknowledged to those who did them."""

    def __init__(self, town: Town, actions: Sequence[Action]) -> None:
        self._actions = actions
        self.town = town
        self.world = town.world
        self.random = town.world.random
        self.posts: list[str] = []
        """ids of posts whose writers got a 2xx"""
        self.comments: list[str] = []
        self.decisions: dict[str, str] = {}
        """comment id → status of the last decision on it, if that got a 2xx"""
        self.texts: dict[str, str] = {}
        """post or comment → its text, as its author was last answered; none where an answer was lost"""
        self.removed: dict[str, str] = {}
        """post or comment → the service that acknowledged its removal"""
        self.tokens: dict[str, str] = {}
        """post or comment → its editToken"""
        self.post_of: dict[str, str] = {}
        """comment → its post"""
        self.written = 0
        """texts so far"""
        self.reverted: set[str] = set()
        """comments that a restore gave an earlier text, on which moderation may have no verdict"""
        self.recounted: set[str] = set()
        """publishers that lost events, and give the versions of those to others"""
        self.world.interlude = self._interlude

    def act(self) -> None:
        """One action; then everybody goes on for a moment."""
        self._draw(self._actions)
        self.world.run_for(self.random.choice(PAUSES))

    def _interlude(self) -> None:
        """Something happens while a request is on its way."""
        self._draw([action for action in self._actions if action.within])

    def _draw(self, actions: Sequence[Action]) -> None:
        weights = [action.weight for action in actions]
        self.random.choices(actions, weights)[0].run(self)

    def name(self, subject: str) -> str:
        return self.world.name("s", subject)

    # Calls

    def call(self, service: str, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """The HTTP status and the answer; 0: nobody answered."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self.world.request(service, method, path, orjson.dumps(body) if body is not None else b"", headers)
        except Crash:
            self.town.crash(service)
            return 0, {}
        except Unreachable:
            return 0, {}
        return answer.status, orjson.loads(answer.body) if answer.body else {}

    def operate(self, path: str, body: Any = None) -> int:
        return self.call("eventbus", "POST", f"/bus/{path}", body, settings.OPERATOR_TOKEN)[0]

    def resume(self, name: str) -> None:
        """Resume a subscription; tried again until the bus answers."""
        if self.operate(f"subscriptions/{name}/resume") != 200:
            self.world.at(1, lambda: self.resume(name))

    # What services say

    def last_verdicts(self) -> dict[str, str]:
        """By comment: the id of moderation's last event about it."""
        with self.world.places["moderation"].here():
            rows = OutboxEvent.objects.order_by("seq").values_list("subject", "event_id")
            return {subject: str(event_id) for subject, event_id in rows}

    def forget_unheard_removals(self) -> None:
        """Those by moderators that no other service has applied are lost with moderation's database."""
        self.removed = {
            subject: service
            for subject, service in self.removed.items()
            if service != "moderation" or not self.stands(subject)
        }

    def stands(self, subject: str) -> bool:
        """Whether its own service has it, not removed."""
        with self.world.places["posts"].here():
            if Post.objects.filter(id=subject, removed=False).exists():
                return True
        with self.world.places["comments"].here():
            return Comment.objects.filter(id=subject, removed=False).exists()

    def applied_verdicts(self) -> set[str]:
        """The ids of moderation's events that comments has applied."""
        with self.world.places["comments"].here():
            return set(InboxEvent.objects.filter(source="/moderation").values_list("event_id", flat=True))

    def dead_letters(self) -> list[Parked]:
        with self.world.places["eventbus"].here():
            return list(Parked.objects.filter(dead=True).select_related("lane").order_by("pk"))
