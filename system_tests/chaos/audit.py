"""What was acknowledged, held against all that the doors show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from system_tests.chaos.moderator import Decision
from system_tests.chaos.seen import Seen
from system_tests.harness.clients import Write
from system_tests.harness.reckoning import reckon
from system_tests.harness.system import Json


@dataclass(frozen=True)
class Audit:
    """Findings in words; a kept promise is an empty list."""

    lost: list[str]
    doubled: list[str]
    out_of_order: list[str]
    disagreeing: list[str]
    """Services that say different things of one comment, or something that nobody wrote."""


def audit(writes: list[Write], decisions: list[Decision], seen: Seen) -> Audit:
    return Audit(
        [*_lost(writes, seen), *_undone(decisions, seen)],
        [*_doubled(seen)],
        [*_out_of_order(seen.history)],
        [*_disagreeing(seen), *_wrong(writes, decisions, seen)],
    )


def _lost(writes: list[Write], seen: Seen) -> Iterator[str]:
    """Acknowledged, and not at every door."""
    published = {(event["type"], event["subject"]) for event in seen.history}
    post_doors = {"posts": _ids(seen.posts), "query": _ids(seen.shown)}
    comment_doors = {
        "comments": _ids(seen.comments),
        "moderation": _ids(seen.judged),
        "query": _ids(seen.shown_comments),
    }
    for write in writes:
        if write.answer is None:
            continue
        event, doors = ("PostCreated", post_doors) if write.post_id is None else ("CommentCreated", comment_doors)
        missing = [door for door, ids in doors.items() if write.answer["id"] not in ids]
        missing += [] if (event, write.answer["id"]) in published else ["the bus's history"]
        if missing:
            yield f"not in {', '.join(missing)}: {write}"


def _undone(decisions: list[Decision], seen: Seen) -> Iterator[str]:
    """A person's decisions that were acknowledged, and of which the history does not tell."""
    told = {
        (event["subject"], event["data"]["version"]): (event["data"]["status"], event["data"]["reason"])
        for event in seen.history
        if event["type"] == "CommentModerated"
    }
    for decision in decisions:
        if decision.answer and told.get((decision.comment_id, decision.answer["version"])) != (
            decision.status,
            decision.reason,
        ):
            yield f"not in the bus's history: {decision}"


def _doubled(seen: Seen) -> Iterator[str]:
    """Each write has an author of its own, each event its id and its (source, subject, version)."""
    doors = {
        "posts": seen.posts,
        "comments": seen.comments,
        "moderation": seen.judged,
        "query": [*seen.shown, *seen.shown_comments],
    }
    names = {row["id"]: row["author"] for row in seen.judged}
    for door, rows in doors.items():
        yield from (f"{n} times in {door}: {author}" for author, n in Counter(_authors(rows, names)).items() if n > 1)
    events = Counter((event["source"], event["id"]) for event in seen.history)
    changes = Counter((event["source"], event["subject"], event["data"]["version"]) for event in seen.history)
    yield from (f"{n} times in the bus's history: {what}" for what, n in (events + changes).items() if n > 1)


def _out_of_order(history: list[Json]) -> Iterator[str]:
    """Of each subject a publisher's versions are 1, 2, 3 … in the order of the log."""
    versions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in history:
        versions[event["source"], event["subject"]].append(event["data"]["version"])
    for subject, found in versions.items():
        if found != list(range(1, len(found) + 1)):
            yield f"{subject}: {found}"


def _disagreeing(seen: Seen) -> Iterator[str]:
    """Status and reason are the same in moderation, comments and query; comments' version is its last event's."""
    judged, shown = _by_id(seen.judged), _by_id(seen.shown_comments)
    last = {event["subject"]: event["data"] for event in seen.history if event["source"] == "/comments"}
    for comment in seen.comments:
        told = {"comments": comment, "query": shown.get(comment["id"]), "moderation": judged.get(comment["id"])}
        if told["moderation"] and told["moderation"]["status"] == "pending":
            del told["moderation"]  # held: the reason is between moderation and its moderators
        words = {(row["status"], row["reason"]) if row else None for row in told.values()}
        if len(words) > 1:
            yield f"disagree: {told}"
        if last.get(comment["id"], {}).get("version") != comment["version"]:
            yield f"its last event is another: {comment}, {last.get(comment['id'])}"


def _wrong(writes: list[Write], decisions: list[Decision], seen: Seen) -> list[str]:
    """Not as it was written, or not as it had to be judged where no person decided."""
    decided, of = {decision.author for decision in decisions}, {write.author: write for write in writes}
    for comment in seen.judged:
        if comment["author"] in decided and comment["moderator"] == "moderator":
            content = comment["content"] if comment["status"] == "approved" else None
            of[comment["author"]].decided = {
                "status": comment["status"],
                "reason": comment["reason"],
                "content": content,
            }
    return reckon(writes, seen.shown, seen.judged)


def _ids(rows: Iterable[Json]) -> set[str]:
    return {row["id"] for row in rows}


def _authors(rows: Iterable[Json], names: dict[str, str]) -> Iterator[str]:
    """Of comments, as moderation knows them: the others hide whose is not approved."""
    return (names.get(row["id"], row["author"] or "nobody") for row in rows)


def _by_id(rows: Iterable[Json]) -> dict[str, Json]:
    return {row["id"]: row for row in rows}
