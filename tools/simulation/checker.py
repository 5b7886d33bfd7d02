"""Does the system keep its guarantees? Each function yields violations, in words."""

from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

import orjson

from comments.models import Comment
from eventbus.log.position import following
from eventbus.models import Discard, Parked
from moderation.models import JudgedComment
from posts.models import Post
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.models import OutboxEvent
from tools.simulation.story import CONSUMERS, PUBLISHERS, Story
from tools.simulation.world import World

HANDLED = {
    "posts": {"PostModerated"},
    "comments": {"CommentModerated"},
    "moderation": {"CommentCreated", "CommentUpdated"},
    "query": {"PostCreated", "PostUpdated", "CommentCreated", "CommentUpdated"},
}
FLOOR = 10**12
"""versions from here on were given after a restore: milliseconds since 1970"""
Key = tuple[str, str]
"""(source, subject) or (source, event id)"""


def pending(story: Story, but: Set[tuple[str, str]] = frozenset()) -> Iterator[str]:
    """What has not come to rest; `but` are (service, subject) that can't."""
    world = story.world
    applied = {name: _Applied(world, name) for name in CONSUMERS}
    subjects = {subject for _, subject in but}
    for publisher in PUBLISHERS:
        with world.places[publisher].here():
            rows = list(OutboxEvent.objects.order_by("seq").values_list("event_id", "type", "subject", "body"))
        for event_id, kind, subject, body in rows:
            for consumer, types in HANDLED.items():
                if kind in types and (consumer, subject) not in but:
                    version = orjson.loads(bytes(body))["data"]["version"]
                    # Who lost events gives their versions to others; the first stands.
                    past = version - 1 if publisher in story.recounted else version
                    if not applied[consumer].settles(f"/{publisher}", str(event_id), subject, past):
                        yield f"{consumer} has neither applied {kind} {story.name(subject)} v{version} nor a later"
    with world.places["eventbus"].here():
        for row in Parked.objects.select_related("lane"):
            if row.subject not in subjects:
                yield f"{row.type} {story.name(row.subject)} is still parked at {row.lane.subscription_id}"
    yield from _not_erased(story, applied["moderation"], subjects)


def _not_erased(story: Story, moderation: "_Applied", but: Set[str]) -> Iterator[str]:
    """Events that have text of a removed post or comment, in an outbox, in the log or among parked events."""
    world, removed = story.world, set[str]()
    for service, model in (("posts", Post), ("comments", Comment)):
        with world.places[service].here():
            removed.update(model.objects.filter(removed=True).values_list("id", flat=True))
    removed -= but | moderation.discarded_subjects(world)
    for where, body in _bodies(story):
        event = orjson.loads(body)
        if event["subject"] in removed and any(event["data"].get(field) for field in ("title", "content", "author")):
            yield f"{where} keeps {event['type']} of {story.name(event['subject'])}, which is removed"


def _bodies(story: Story) -> Iterator[tuple[str, bytes]]:
    """Every event that is kept, but the newest of each partition of the log: that stays until another follows."""
    for service in PUBLISHERS:
        with story.world.places[service].here():
            yield from ((f"{service}'s outbox", bytes(row.body)) for row in OutboxEvent.objects.order_by("seq"))
    log = story.town.log
    for partition in range(log.partitions):
        begin, end = log.bounds(partition)
        for entry in following(log, log.log_id, partition, begin, skips=True):
            if entry.offset != end:
                yield "the log", entry.record.body
    with story.world.places["eventbus"].here():
        yield from (("the bus", bytes(row.body)) for row in Parked.objects.order_by("pk"))


class _Applied:
    """What one consumer's inbox says, and what was discarded for it."""

    def __init__(self, world: World, consumer: str) -> None:
        with world.places[consumer].here():
            rows = InboxEvent.objects.order_by("pk")
            self.rows = list(rows.values_list("source", "event_id", "subject", "version"))
        with world.places["eventbus"].here():
            discards = Discard.objects.filter(subscription_id=consumer)
            self.discarded = set(discards.values_list("source", "event_id"))
        self.ids = {(source, event_id) for source, event_id, _, _ in self.rows}
        self.last: dict[Key, tuple[int, str]] = {}
        """(source, subject) → the highest version applied, and its event's id"""
        for source, event_id, subject, version in self.rows:
            self.last[source, subject] = max(self.last.get((source, subject), (0, "")), (version or 0, event_id))

    def settles(self, source: str, event_id: str, subject: str, version: int) -> bool:
        """Applied, superseded by a higher version, or discarded."""
        return (
            (source, event_id) in self.ids
            or self.last.get((source, subject), (0, ""))[0] > version
            or (source, event_id) in self.discarded
        )

    def discarded_subjects(self, world: World) -> set[str]:
        return {world.published[key]["subject"] for key in self.discarded}

    def payload(self, world: World, source: str, subject: str) -> dict[str, Any] | None:
        """The data of the last event applied, None where none was."""
        found = self.last.get((source, subject))
        return world.published[source, found[1]]["data"] if found else None


def violations(story: Story) -> Iterator[str]:
    """Of the guarantees, once all has come to rest."""
    world = story.world
    yield from pending(story)
    applied = {name: _Applied(world, name) for name in CONSUMERS}
    for consumer in CONSUMERS:
        yield from _order(story, consumer, applied[consumer])
    yield from _acknowledged(story, applied)
    yield from _exactly_once(story)
    yield from _comments_follow_moderation(story, applied["comments"])
    yield from _verdicts_agree(story, applied)
    yield from _edits_stand(story)
    yield from _removals_stand(story, applied)
    yield from _read_model(story, applied["query"])
    yield from _query_agrees(story, applied["query"])


def _order(story: Story, consumer: str, applied: _Applied) -> Iterator[str]:
    last: dict[Key, int] = {}
    for source, _, subject, version in applied.rows:
        before = last.get((source, subject), 0)
        if (version or 0) <= before:
            yield f"{consumer} applied {story.name(subject)} v{version} of {source} after v{before}"
        last[source, subject] = version or 0


def _acknowledged(story: Story, applied: dict[str, _Applied]) -> Iterator[str]:
    world = story.world
    untold = {name: applied[name].discarded_subjects(world) for name in ("comments", "moderation")}
    with world.places["posts"].here():
        kept = {str(pk) for pk in Post.objects.values_list("id", flat=True)}
    yield from (f"acknowledged post {story.name(post)} is lost" for post in story.posts if post not in kept)
    with world.places["comments"].here():
        statuses = {str(pk): status for pk, status in Comment.objects.values_list("id", "status")}
    yield from (f"acknowledged comment {story.name(c)} is lost" for c in story.comments if c not in statuses)
    with world.places["moderation"].here():
        judged = dict(JudgedComment.objects.values_list("id", "status"))
    for comment, status in story.decisions.items():
        # A lost moderation does not learn again what a person discarded for it; comments still has it.
        elsewhere = statuses.get(comment) == status or comment in untold["comments"]
        if judged.get(comment) != status and not (comment in untold["moderation"] and elsewhere):
            yield f"acknowledged decision on {story.name(comment)} is lost"


def _exactly_once(story: Story) -> Iterator[str]:
    """Each change of a comment is one version of it, and each verdict on its present text made one of them."""
    with story.world.places["comments"].here():
        comments = list(Comment.objects.order_by("seq"))
        bodies = OutboxEvent.objects.filter(type="CommentUpdated").order_by("seq").values_list("body", flat=True)
        updates = [orjson.loads(bytes(body)) for body in bodies]
        verdicts = list(InboxEvent.objects.filter(type="CommentModerated").values_list("subject", "event_id"))
    causes = Counter(update.get("causationid") for update in updates)
    subjects = {update.get("causationid"): update["subject"] for update in updates}
    for cause, n in causes.items():
        if cause and n > 1:
            yield f"one verdict on {story.name(subjects[cause])} changed it {n} times"
    texts = {comment.id: comment.content for comment in comments if not comment.removed}
    for subject, event_id in verdicts:
        judged = story.world.published["/moderation", event_id]["data"]["content"]
        if texts.get(subject) == judged and event_id not in causes and subject not in story.reverted:
            yield f"a verdict on {story.name(subject)} was applied and changed nothing"
    changes = Counter(update["subject"] for update in updates)
    for comment in comments:
        # A restored service leaves a gap in its versions; a tombstone takes the place of all that was published.
        if comment.version < FLOOR and not comment.removed and comment.version - 1 != changes[comment.id]:
            yield f"{story.name(comment.id)} has version {comment.version} after {changes[comment.id]} changes"


def _comments_follow_moderation(story: Story, applied: _Applied) -> Iterator[str]:
    """A comment is as the last verdict on its present text says: later ones, on a former text, are void."""
    verdicts = dict[tuple[str, str], dict[str, Any]]()
    for source, event_id, subject, _ in applied.rows:
        verdict = story.world.published[source, event_id]["data"]
        verdicts[subject, verdict["content"]] = verdict
    with story.world.places["comments"].here():
        comments = list(Comment.objects.filter(removed=False).order_by("seq"))
    for comment in comments:
        last = verdicts.get((comment.id, comment.content))
        said = (last["status"], last["reason"]) if last else ("pending", None)
        if (comment.status, comment.reason) != said and comment.id not in story.reverted:
            yield f"comments says {comment.status} of {story.name(comment.id)}, its last verdict {said[0]}"


def _verdicts_agree(story: Story, applied: dict[str, _Applied]) -> Iterator[str]:
    """comments and moderation say the same of each comment, unless a person discarded what would tell them."""
    with story.world.places["moderation"].here():
        judged = {
            comment.id: (comment.content, comment.status, comment.reason if comment.status != "pending" else None)
            for comment in JudgedComment.objects.filter(removed=False)
        }
    discarded = (applied[name].discarded_subjects(story.world) for name in ("comments", "moderation"))
    apart = story.reverted.union(*discarded)
    with story.world.places["comments"].here():
        comments = list(Comment.objects.filter(removed=False).order_by("seq"))
    for comment in comments:
        if comment.id not in apart and judged.get(comment.id) != (comment.content, comment.status, comment.reason):
            yield f"comments says {comment.status} of {story.name(comment.id)}, moderation does not"


def _edits_stand(story: Story) -> Iterator[str]:
    """What an author was last answered is what is stored, unless it was removed."""
    with story.world.places["posts"].here():
        stored = dict(Post.objects.filter(removed=False).values_list("id", "title"))
    with story.world.places["comments"].here():
        stored |= dict(Comment.objects.filter(removed=False).values_list("id", "content"))
    for subject, text in story.texts.items():
        if stored.get(subject, text) != text:
            yield f"acknowledged text of {story.name(subject)} is lost: {text}"


def _removals_stand(story: Story, applied: dict[str, _Applied]) -> Iterator[str]:
    """What was removed is removed, and moderation has no text of it, unless a person discarded what would tell it."""
    unheard = set().union(*(applied[name].discarded_subjects(story.world) for name in ("posts", "comments")))
    for subject, by in story.removed.items():
        if not (by == "moderation" and subject in unheard) and story.stands(subject):
            yield f"acknowledged removal of {story.name(subject)} at {by} is lost"
    with story.world.places["comments"].here():
        removed = set(Comment.objects.filter(removed=True).values_list("id", flat=True))
    with story.world.places["moderation"].here():
        kept = set(JudgedComment.objects.exclude(content="").values_list("id", flat=True))
    for subject in sorted((removed & kept) - applied["moderation"].discarded_subjects(story.world)):
        yield f"moderation keeps the text of {story.name(subject)}, which is removed"


def _read_model(story: Story, applied: _Applied) -> Iterator[str]:
    """What query serves equals the fold of what it applied."""
    expected: dict[str, Any] = {}
    for source, subject in sorted(applied.last, reverse=True):  # posts before comments
        data = applied.payload(story.world, source, subject) or {}
        if source == "/posts":
            if data.get("status") != "removed":
                expected[subject] = {"title": data["title"], "comments": {}}
        elif (known := expected.get(data["postId"])) and not data.get("removed"):
            shown = (data["content"], data.get("author", "")) if data["status"] == "approved" else (None, None)
            known["comments"][subject] = (data["status"], data.get("reason"), *shown)
    served = dict(_served(story.world))
    for post_id in expected.keys() | served.keys():
        if expected.get(post_id) != served.get(post_id):
            yield f"query shows {story.name(post_id)} other than it is: {served.get(post_id)}"


def _query_agrees(story: Story, applied: _Applied) -> Iterator[str]:
    """What query applied of a comment's present version says what the comment's row does."""
    if "comments" in story.recounted:
        return
    with story.world.places["comments"].here():
        comments = list(Comment.objects.order_by("seq"))
    for comment in comments:
        data = applied.payload(story.world, "/comments", str(comment.id))
        row = (comment.version, comment.status, comment.reason)
        if data and data["version"] == row[0] and (data["status"], data.get("reason")) != row[1:]:
            yield f"query applied {data['status']} of {story.name(str(comment.id))}, comments says {comment.status}"


def _served(world: World) -> Iterator[tuple[str, Any]]:
    """Every page of GET /posts."""
    path = "/posts?limit=100"
    while path:
        answer = world.request("query", "GET", path, b"", {})
        for post in orjson.loads(answer.body):
            comments = {c["id"]: (c["status"], c["reason"], c["content"], c["author"]) for c in post["comments"]}
            yield post["id"], {"title": post["title"], "comments": comments}
        link = answer.headers.get("Link", "")
        path = link[link.index("<") + 1 : link.index(">")] if link else ""
