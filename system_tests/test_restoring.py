"""One service is restored from a backup beside the others as they are now, and all of it ends right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from system_tests.conftest import running
from system_tests.harness.http import pages, told
from system_tests.harness.keeping import unsettled
from system_tests.harness.system import Json, System

LOGS = ["memory://", "database://"]
LINK = "see https://example.org"


class Blog:
    """A post with comments and decisions from before the backup, and what followed it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.post = system.post("before")
        self.hello, self.held = system.comment(self.post, "hello"), system.comment(self.post, LINK)
        self.rests({self.hello["id"]: "approved", self.held["id"]: "pending"})
        self.decide(self.held, "approved")
        self.rests({self.hello["id"]: "approved", self.held["id"]: "approved"})
        system.manage("backup", str(folder))
        # Versions that the backup does not know: of what it has, and of what it has not.
        self.decide(self.held, "rejected")
        self.decide(self.held, "approved")
        self.decide(self.held, "rejected")
        self.decide(self.hello, "rejected")
        self.late, self.new = system.comment(self.post, "after the backup"), system.post("after the backup")
        self.on_new = system.comment(self.new, "orange")
        self.statuses = {self.hello["id"]: "rejected", self.held["id"]: "rejected", self.late["id"]: "approved"}
        self.rests(self.statuses)
        system.eventually(lambda: system.statuses(self.new), {self.on_new["id"]: "rejected"})

    def decide(self, comment: Json, status: str) -> None:
        path = f"/moderation/comments/{comment['id']}/decision"
        answer = self.system.as_moderator("POST", path, json={"status": status, "reason": f"A person: {status}."})
        assert answer.status_code == 200, answer.text

    def rests(self, statuses: dict[str, str]) -> None:
        """Query shows these, and nothing is under way."""
        self.system.eventually(lambda: self.system.statuses(self.post), statuses)
        self.system.eventually(lambda: unsettled(self.system), {})

    def restore(self, service: str) -> None:
        self.system.manage("restore", str(self.folder), "--only", service)

    def judged(self) -> dict[str, tuple[str, str]]:
        """What moderation knows: status and reason of each comment."""
        rows = told(self.system.as_moderator("GET", "/moderation/comments?limit=100"))
        return {row["id"]: (row["status"], row["reason"]) for row in rows}

    def own(self) -> dict[str, str]:
        """What comments knows."""
        return {comment["id"]: comment["status"] for comment in self.system.comments(self.post)}

    def goes_on(self) -> None:
        """A person's next decision on a comment of the backup reaches the reader; so does a new comment."""
        self.decide(self.held, "approved")
        another = self.system.comment(self.post, "hello again")
        self.statuses |= {self.held["id"]: "approved", another["id"]: "approved"}
        self.rests(self.statuses)
        self.decide(self.held, "rejected")
        self.statuses[self.held["id"]] = "rejected"
        self.rests(self.statuses)


@pytest.fixture(scope="module", params=LOGS)
def blog(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    environ = {"EVENTBUS_LOG": request.param, "EVENTBUS_ATTEMPTS": "2"}
    with running(environ, ("frontend",)) as system:
        yield Blog(system, tmp_path_factory.mktemp("backups") / "backup")


def test_restored_query_shows_all_that_came_since(blog: Blog) -> None:
    before = blog.system.posts()
    blog.restore("query")
    blog.system.eventually(blog.system.posts, before)
    blog.goes_on()


def test_restored_moderation_goes_by_what_was_decided_since(blog: Blog) -> None:
    before = blog.judged()
    blog.restore("moderation")
    blog.system.eventually(blog.judged, before)
    blog.rests(blog.statuses)
    blog.goes_on()


def test_a_restored_bus_delivers_all_that_its_backup_does_not_know(blog: Blog) -> None:
    before = blog.system.posts()
    blog.restore("eventbus")
    blog.goes_on()
    seen = {post["id"]: post["commentCount"] for post in blog.system.posts()}
    assert seen == {post["id"]: post["commentCount"] + (post["id"] == blog.post["id"]) for post in before}
    # Whoever comes now is told everything.
    blog.restore("query")
    blog.rests(blog.statuses)


def test_restored_comments_hear_the_verdicts_again_and_later_changes_count(blog: Blog) -> None:
    gone = set(blog.own()) - {blog.hello["id"], blog.held["id"]}
    blog.restore("comments")
    kept = {blog.hello["id"]: "rejected", blog.held["id"]: "rejected"}
    blog.system.eventually(blog.own, kept)
    letters = blog.system.eventually(lambda: dead_letters(blog.system), lambda found: gone <= found.keys())
    assert {letters[comment_id] for comment_id in gone} == {
        f"UnknownComment: There is no comment {comment_id}: it was lost in a restore, or never existed here."
        for comment_id in gone
    }
    assert blog.system.as_operator("POST", "/bus/dead-letters/discard").status_code in (200, 202)
    blog.goes_on()


def test_restored_posts_lose_what_was_written_since_and_go_on(blog: Blog) -> None:
    blog.restore("posts")
    assert [post["title"] for post in pages(blog.system.url("posts", "/posts"))] == ["before"]
    another = blog.system.post("written after the restore")
    comment = blog.system.comment(another, "hello")
    blog.system.eventually(lambda: blog.system.statuses(another), {comment["id"]: "approved"})
    assert blog.system.shown(blog.new)  # query still has it
    blog.goes_on()


def test_all_of_them_go_back_to_the_backup(blog: Blog) -> None:
    blog.system.manage("restore", str(blog.folder))
    blog.statuses = {blog.hello["id"]: "approved", blog.held["id"]: "approved"}
    blog.rests(blog.statuses)
    assert [post["title"] for post in blog.system.posts()] == ["before"]
    assert {status for status, _ in blog.judged().values()} == {"approved"}
    blog.goes_on()


def dead_letters(system: System) -> dict[str, str]:
    """What went wrong, by subject."""
    rows = told(system.as_operator("GET", "/bus/dead-letters?limit=100"))
    return {row["event"]["subject"]: row["error"] for row in rows}
