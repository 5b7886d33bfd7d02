"""All that the doors show once it is quiet."""

from dataclasses import dataclass, replace

from system_tests.harness.clients import Write
from system_tests.harness.http import pages
from system_tests.harness.system import Json, System


@dataclass(frozen=True)
class Seen:
    posts: list[Json]
    """posts' own"""
    comments: list[Json]
    """comments' own"""
    judged: list[Json]
    """moderation's"""
    shown: list[Json]
    """query's posts, with their comments"""
    history: list[Json]
    """the bus's events, oldest first"""

    @property
    def shown_comments(self) -> list[Json]:
        return [comment for post in self.shown for comment in post["comments"]]


def look(system: System, writes: list[Write]) -> Seen:
    """At every door."""
    posts = pages(system.url("posts", "/posts"))
    commented = {post["id"] for post in posts} | {write.post_id for write in writes if write.post_id}
    newest_first = pages(system.url("eventbus", "/bus/events"), headers=system.bearer("operator"))
    return Seen(
        posts,
        [comment for post_id in sorted(commented) for comment in system.comments({"id": post_id})],
        system.judged(),
        system.posts(),
        newest_first[::-1],
    )


def without_repeats(seen: Seen) -> Seen:
    """For a log that does not detect duplicates: it may hold an event again, and every inbox skips it."""
    first = {(event["source"], event["id"]): event for event in reversed(seen.history)}
    return replace(seen, history=[event for event in seen.history if event is first[event["source"], event["id"]]])
