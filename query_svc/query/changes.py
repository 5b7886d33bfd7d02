"""Streams the ids of changed posts, from the table: correct across restarts and replicas."""

from typing import Any

from django.db.models import Max

from query.models import Post
from svc_chassis.bootstrap import service_loops
from svc_chassis.inbox.models import Inbox
from svc_chassis.runtime.loop import Steps
from svc_chassis.sse.feed import AT_ONCE, Feed, Frame, Position

CHANGES = "changes"
EVERY = 1.0
"""seconds between two checks for changes by other replicas"""

feed = Feed()


class Changes:
    """The loop that updates the feed while streams are open."""

    def step(self) -> float:
        if not feed.wanted:
            return EVERY
        if feed.end.name != _history():
            feed.restart(POSTS.now())
        changed = _after(feed.end)
        for frame in changed:
            feed.add(frame)
        return 0 if len(changed) == AT_ONCE else EVERY

    def stop(self) -> None:
        """Nothing is held."""


class Posts:
    """The source of `GET /posts/stream`. What the feed does not hold is read from the table."""

    feed = feed

    def now(self) -> Position:
        # In this order: after a rebuild in between, the position belongs to the lost history, which leads to a reset.
        history = _history()
        return Position(history, Post.objects.aggregate(newest=Max("revision"))["newest"] or 0)

    def greeting(self) -> list[tuple[str, Any]]:
        return []

    def since(self, known: Position) -> list[Frame] | None:
        recent = feed.since(known)
        if recent is not None:
            return recent
        now = self.now()
        return _after(known) if known.name == now.name and known.key <= now.key else None


POSTS = Posts()


def query_loops() -> dict[str, Steps]:
    return service_loops() | {CHANGES: Changes()}


def _history() -> str:
    """The name of the history in which revisions rise. A rebuild renews the inbox, and begins another history."""
    inbox_id = Inbox.objects.filter(pk=1).values_list("inbox_id", flat=True).first()
    return str(inbox_id or "empty")


def _after(known: Position) -> list[Frame]:
    rows = Post.objects.filter(revision__gt=known.key).order_by("revision").values_list("revision", "id")
    return [Frame.of(Position(known.name, revision), "post", {"id": post_id}) for revision, post_id in rows[:AT_ONCE]]
