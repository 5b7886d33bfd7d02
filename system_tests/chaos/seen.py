"""All that the doors show once it is quiet."""

from dataclasses import dataclass

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
