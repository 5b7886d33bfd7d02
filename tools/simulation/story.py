"""What people do, and what befalls the services, drawn from the seed."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from comments.models import Comment
from eventbus.models import Parked
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime.http_client import Unreachable
from tools.all_services import SERVICES
from tools.simulation.places import Crash
from tools.simulation.town import Town

CONSUMERS = ("comments", "moderation", "query")
CONTENTS = ("hello", "well said", "an orange", "see https://example.org")


class Story:
    """One run's actors beyond the services: readers, authors, moderators, operators, and misfortune."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.world = town.world
        self.posts: list[str] = []
        """ids of posts whose writers got a 2xx"""
        self.comments: list[str] = []
        self.decisions: dict[str, str] = {}
        """comment id → status of the last decision on it, if that got a 2xx"""
        self.lost: set[str] = set()
        """publishers that began anew, with the versions that they count"""
        self.world.interlude = self._interlude

    def act(self) -> None:
        """One action; then everybody goes on for a moment."""
        random = self.world.random
        actions, weights = zip(*self._actions(), strict=True)
        random.choices(actions, weights)[0]()
        self.world.run_for(random.choice((0, 0.02, 0.1, 0.5, 1.5)))

    def _actions(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.write_post, 12),
            (self.write_comment, 36),
            (self.decide, 8),
            (self.stop_a_service, 5),
            (self.lose_the_log, 2),
            (self.lose_the_read_model, 2),
            (self.lose_the_verdicts, 2),
            (self.rebuild_the_read_model, 2),
            (self.replay, 3),
            (self.pause, 2),
            (self.fill_a_disk, 3),
            (self.set_a_clock, 3),
            (self.poison, 2),
            (self.second_replica, 2),
        ]

    def _interlude(self) -> None:
        """Something happens while a request is on its way."""
        happenings = (
            self.write_comment,
            self.decide,
            self.stop_a_service,
            self.lose_the_log,
            self.lose_the_read_model,
            self.lose_the_verdicts,
            self.rebuild_the_read_model,
            self.replay,
        )
        self.world.random.choice(happenings)()

    # People

    def write_post(self) -> None:
        status, said = self._call("posts", "POST", "/posts/create", {"title": f"title {len(self.posts)}"})
        if status == 201:
            self.posts.append(said["id"])
            self.world.say(f"someone writes {self.world.name('s', said['id'])}")

    def write_comment(self) -> None:
        random = self.world.random
        post = random.choice(self.posts) if self.posts and random.random() < 0.97 else _unknown_id(random)
        content = random.choice(CONTENTS)
        status, said = self._call("comments", "POST", f"/posts/{post}/comments", {"content": content})
        if status == 201:
            self.comments.append(said["id"])
            self.world.say(f"someone comments {self.world.name('s', said['id'])}: {content}")

    def decide(self) -> None:
        if self.comments:
            random = self.world.random
            comment, verdict = random.choice(self.comments), random.choice(("approved", "rejected"))
            path = f"/moderation/comments/{comment}/decision"
            status, _ = self._call("moderation", "POST", path, {"status": verdict}, settings.MODERATOR_TOKEN)
            if status == 200:
                self.decisions[comment] = verdict
                self.world.say(f"a moderator decides {self.world.name('s', comment)}: {verdict}")
            elif status == 0:
                self.decisions.pop(comment, None)

    # Operators

    def replay(self) -> None:
        name, random = self.world.random.choice(CONSUMERS), self.world.random
        start = random.choice(("beginning", str(random.randrange(0, 200))))
        self.world.fault("replay", f"{name} from {start}")
        self._operate(f"subscriptions/{name}/replay", {"from": start})

    def pause(self) -> None:
        name = self.world.random.choice(CONSUMERS)
        if self._operate(f"subscriptions/{name}/pause") == 200:
            self.world.fault("pause", name)
            self.world.at(self.world.random.uniform(1, 6), lambda: self.resume(name))

    def resume(self, name: str) -> None:
        if self._operate(f"subscriptions/{name}/resume") != 200:
            self.world.at(1, lambda: self.resume(name))

    def retry_dead_letters(self) -> None:
        for letter in self._dead_letters():
            self._operate(f"dead-letters/{letter}/retry")

    def discard_superseded(self) -> None:
        """Give up what a later event makes up for: the creation of a comment that was updated since."""
        with self.world.places["eventbus"].here():
            letters = list(Parked.objects.filter(dead=True, type="CommentCreated", lane__subscription="query"))
        for letter in letters:
            with self.world.places["comments"].here():
                updated = Comment.objects.filter(id=letter.subject, version__gt=1).exists()
            if updated and self._operate(f"dead-letters/{letter.pk}/discard") == 200:
                self.world.fault("discard", self.world.name("s", letter.subject))

    # Misfortune

    def stop_a_service(self) -> None:
        service = self.world.random.choice(SERVICES[1:])
        self.world.fault("service absent", service)
        self.town.crash(service)

    def lose_the_log(self) -> None:
        self.world.fault("log lost", "the bus dies with its memory")
        self.town.crash("eventbus")

    def lose_the_read_model(self) -> None:
        self.world.fault("database lost", "query")
        self.world.places["query"].lose_database()

    def lose_the_verdicts(self) -> None:
        """What comments already goes by is promised to come back; what it has not heard is gone."""
        self.world.fault("database lost", "moderation")
        with self.world.places["moderation"].here():
            last = dict(OutboxEvent.objects.order_by("seq").values_list("subject", "event_id"))
        with self.world.places["comments"].here():
            heard = set(InboxEvent.objects.filter(source="/moderation").values_list("event_id", flat=True))
        self.decisions = {comment: said for comment, said in self.decisions.items() if str(last.get(comment)) in heard}
        self.lost.add("moderation")
        self.world.places["moderation"].lose_database()

    def rebuild_the_read_model(self) -> None:
        self.world.fault("rebuild", "query")
        dies = self.town.crash_within("query") if self.world.random.random() < 0.3 else nullcontext()
        try:
            with self.world.places["query"].here(), dies:
                call_command("rebuild", verbosity=0)
        except (Crash, OperationalError) as error:
            self.world.say(f"the rebuild ended with {type(error).__name__}")

    def fill_a_disk(self) -> None:
        service = self.world.random.choice(SERVICES)
        self.world.fault("database full", service)
        self.town.fill(service, self.world.random.uniform(0.5, 5))

    def set_a_clock(self) -> None:
        service, seconds = self.world.random.choice(SERVICES), self.world.random.uniform(-120, 120)
        self.world.fault("clock skew", f"{service} by {seconds:.0f} s")
        self.world.skew[service] = timedelta(seconds=seconds).total_seconds()

    def poison(self) -> None:
        known = self.posts + self.comments
        if known:
            service, subject = self.world.random.choice(CONSUMERS), self.world.random.choice(known)
            self.world.fault("poison", f"{service} can't apply {self.world.name('s', subject)}")
            self.town.poisoned.add((service, subject))

    def second_replica(self) -> None:
        service = self.world.random.choice(SERVICES[1:])
        running = [actor for actor in self.world.actors if actor.name == f"{service} relay 2"]
        if not running and service not in self.world.down:
            self.world.fault("second replica", service)
            self.town.start(service, replica=2)

    # Calls

    def _call(self, service: str, method: str, path: str, body: Any, token: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self.world.request(service, method, path, orjson.dumps(body) if body is not None else b"", headers)
        except (Unreachable, Crash):
            return 0, {}
        return answer.status, orjson.loads(answer.body) if answer.body else {}

    def _operate(self, path: str, body: Any = None) -> int:
        return self._call("eventbus", "POST", f"/bus/{path}", body, settings.OPERATOR_TOKEN)[0]

    def _dead_letters(self) -> list[int]:
        with self.world.places["eventbus"].here():
            return list(Parked.objects.filter(dead=True).order_by("pk").values_list("pk", flat=True))


def _unknown_id(random: Any) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
