"""Does the world keep its promises? Each function yields violations, in words."""

from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Any

import orjson

from comments.models import Comment
from eventbus.models import Discard, Parked
from moderation.models import JudgedComment
from posts.models import Post
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.models import OutboxEvent
from tools.simulation.story import CONSUMERS, Story
from tools.simulation.world import World

PUBLISHERS = ("posts", "comments", "moderation")
ORDERS = {
    "comments": {"CommentModerated"},
    "moderation": {"CommentCreated", "CommentUpdated"},
    "query": {"PostCreated", "CommentCreated", "CommentUpdated"},
}


def pending(story: Story, but: Set[tuple[str, str]] = frozenset()) -> Iterator[str]:
    """What has not come to rest; `but` are (service, subject) that can't."""
    world = story.world
    applied = {name: _inbox(world, name) for name in CONSUMERS}
    subjects = {subject for _, subject in but}
    for publisher in PUBLISHERS:
        with world.places[publisher].here():
            rows = list(OutboxEvent.objects.order_by("seq").values_list("event_id", "type", "subject", "body"))
        for event_id, kind, subject, body in rows:
            for consumer, types in ORDERS.items():
                if kind in types and (consumer, subject) not in but:
                    version = orjson.loads(bytes(body))["data"]["version"]
                    # Who began anew gives a version twice; the first stands.
                    past = version - 1 if publisher in story.lost else version
                    if not applied[consumer].settles(f"/{publisher}", str(event_id), subject, past):
                        yield f"{consumer} has neither applied {kind} {world.name('s', subject)} v{version} nor a later"
    with world.places["eventbus"].here():
        for row in Parked.objects.select_related("lane"):
            if row.subject not in subjects:
                yield f"{row.type} {world.name('s', row.subject)} is still parked at {row.lane.subscription_id}"


class _Applied:
    """What one consumer's inbox says, and what was discarded for it."""

    def __init__(self, rows: list[Any], discarded: set[tuple[str, str]]) -> None:
        self.rows = rows
        self.discarded = discarded
        self.ids = {(source, event_id) for source, event_id, _, _ in rows}
        self.highest: dict[tuple[str, str], int] = defaultdict(int)
        for source, _, subject, version in rows:
            self.highest[source, subject] = max(self.highest[source, subject], version or 0)

    def settles(self, source: str, event_id: str, subject: str, version: int) -> bool:
        """Applied, superseded by a higher version, or discarded."""
        return (
            (source, event_id) in self.ids
            or self.highest[source, subject] > version
            or (source, event_id) in self.discarded
        )


def _inbox(world: World, consumer: str) -> _Applied:
    with world.places[consumer].here():
        rows = list(InboxEvent.objects.order_by("pk").values_list("source", "event_id", "subject", "version"))
    with world.places["eventbus"].here():
        discards = Discard.objects.filter(subscription_id=consumer)
        return _Applied(rows, set(discards.values_list("source", "event_id")))


def violations(story: Story) -> Iterator[str]:
    """Of the guarantees, once all has come to rest."""
    world = story.world
    yield from pending(story)
    for consumer in CONSUMERS:
        yield from _order(world, consumer)
    yield from _acknowledged(story)
    yield from _exactly_once(world)
    yield from _read_model(world)


def _order(world: World, consumer: str) -> Iterator[str]:
    last: dict[tuple[str, str], int] = {}
    for source, _, subject, version in _inbox(world, consumer).rows:
        before = last.get((source, subject), 0)
        if (version or 0) <= before:
            yield f"{consumer} applied {world.name('s', subject)} v{version} of {source} after v{before}"
        last[source, subject] = version or 0


def _acknowledged(story: Story) -> Iterator[str]:
    world = story.world
    with world.places["posts"].here():
        kept = {str(pk) for pk in Post.objects.values_list("id", flat=True)}
    yield from (f"acknowledged post {world.name('s', post)} is lost" for post in story.posts if post not in kept)
    with world.places["comments"].here():
        kept = {str(pk) for pk in Comment.objects.values_list("id", flat=True)}
    yield from (f"acknowledged comment {world.name('s', c)} is lost" for c in story.comments if c not in kept)
    with world.places["moderation"].here():
        judged = dict(JudgedComment.objects.values_list("id", "status"))
    for comment, status in story.decisions.items():
        if judged.get(comment) != status:
            yield f"acknowledged decision on {world.name('s', comment)} is lost"


def _exactly_once(world: World) -> Iterator[str]:
    """Each CommentModerated moved its comment by one version, neither more nor less."""
    with world.places["comments"].here():
        effects = {str(pk): version - 1 for pk, version in Comment.objects.values_list("id", "version")}
        causes: dict[str, int] = defaultdict(int)
        for subject in InboxEvent.objects.filter(type="CommentModerated").values_list("subject", flat=True):
            causes[subject] += 1
    for comment, moved in effects.items():
        if moved != causes[comment]:
            yield f"{world.name('s', comment)} was changed {moved} times by {causes[comment]} applied events"


def _read_model(world: World) -> Iterator[str]:
    """What query serves equals the fold of what posts, comments and moderation committed."""
    with world.places["moderation"].here():
        judged = {c.id: (c.status, c.reason if c.version else None) for c in JudgedComment.objects.all()}
    expected: dict[str, Any] = {}
    with world.places["posts"].here():
        for post in Post.objects.order_by("seq"):
            expected[str(post.id)] = {"title": post.title, "comments": {}}
    with world.places["comments"].here():
        for comment in Comment.objects.order_by("seq"):
            if judged.get(str(comment.id), ("pending", None)) != (comment.status, comment.reason):
                yield f"comments says {comment.status} of {world.name('s', str(comment.id))}, moderation does not"
            if known := expected.get(str(comment.post_id)):
                shown = comment.content if comment.status == "approved" else None
                known["comments"][str(comment.id)] = (comment.status, comment.reason, shown)
    served = dict(_served(world))
    for post_id in expected.keys() | served.keys():
        if expected.get(post_id) != served.get(post_id):
            yield f"query shows {world.name('s', post_id)} other than it is: {served.get(post_id)}"


def _served(world: World) -> Iterator[tuple[str, Any]]:
    """Every page of GET /posts."""
    path = "/posts?limit=100"
    while path:
        answer = world.request("query", "GET", path, b"", {})
        for post in orjson.loads(answer.body):
            comments = {c["id"]: (c["status"], c["reason"], c["content"]) for c in post["comments"]}
            yield post["id"], {"title": post["title"], "comments": comments}
        link = answer.headers.get("Link", "")
        path = link[link.index("<") + 1 : link.index(">")] if link else ""
