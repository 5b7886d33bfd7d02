"""The databases of an earlier release go on under this one: nothing is lost, and nothing comes twice.

`databases/` holds what that release left when it stopped: posts, comments of every status, a person's decisions, a
paused subscription with dead letters and one discarded event, and two events that the bus had not acknowledged yet.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from system_tests.harness.http import call
from system_tests.harness.system import Json, System

DATABASES = Path(__file__).parent / "databases"
BY_A_PERSON = {"approved": None, "rejected": "advertising"}
"""the reasons that the moderator gave"""


@pytest.fixture(scope="module")
def upgraded() -> Iterator[System]:
    with TemporaryDirectory(prefix="blogbus-") as folder:
        run_dir = Path(folder).resolve()
        for dump in DATABASES.glob("*.sql"):
            with sqlite3.connect(run_dir / f"{dump.stem}.sqlite3") as database:
                database.executescript(dump.read_text())
            database.close()
        system = System(run_dir, {}, ("frontend",))
        try:
            system.up()
            yield system
        finally:
            system.down()


def rows(service: str, query: str) -> list[dict[str, Any]]:
    """What the earlier release stored."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.executescript((DATABASES / f"{service}.sql").read_text())
    found = [dict(row) for row in database.execute(query)]
    database.close()
    return found


def plain(identifier: str) -> str:
    """SQLite holds a UUID without its dashes."""
    return identifier.replace("-", "")


def shown(system: System) -> dict[str, tuple[str, dict[str, str]]]:
    """Each post's title and its comments' statuses, by ids."""
    return {plain(post["id"]): (post["title"], statuses(post)) for post in system.posts()}


def statuses(post: Json) -> dict[str, str]:
    return {plain(comment["id"]): comment["status"] for comment in post["comments"]}


def test_everything_written_before_is_shown_once_and_what_was_under_way_arrives(upgraded: System) -> None:
    wanted: dict[str, tuple[str, dict[str, str]]] = {}
    for post in rows("posts", "SELECT id, title FROM posts_post"):
        comments = rows("comments", f"SELECT id, status, content FROM comments_comment WHERE post_id = '{post['id']}'")
        decided = {row["id"]: row["status"] for row in comments}
        # This one was written while the bus was away, so nobody had moderated it yet.
        decided |= {row["id"]: "approved" for row in comments if row["content"] == "So is this."}
        wanted[post["id"]] = (post["title"], decided)
    assert len(wanted) == 9
    assert sum(len(comments) for _, comments in wanted.values()) == 22

    upgraded.eventually(lambda: shown(upgraded), wanted)
    assert len(upgraded.posts()) == 9


def test_a_persons_decisions_stand_and_what_is_held_can_be_decided(upgraded: System) -> None:
    decided = upgraded.as_moderator("GET", "/moderation/comments?limit=100").json()
    by_hand = {row["status"]: row["reason"] for row in decided if row["moderator"] == "moderator"}
    assert by_hand == BY_A_PERSON

    held = next(row for row in decided if row["status"] == "pending")
    answer = upgraded.as_moderator("POST", f"/moderation/comments/{held['id']}/decision", json={"status": "approved"})
    assert answer.status_code == 200, answer.text
    upgraded.eventually(lambda: _status(upgraded, held), "approved")


def test_subscriptions_and_what_was_discarded_are_remembered(upgraded: System) -> None:
    subscriptions = {row["name"]: row for row in upgraded.as_operator("GET", "/bus/subscriptions").json()}
    assert set(subscriptions) == {"posts", "comments", "moderation", "query", "broken"}
    assert subscriptions["broken"]["state"] == "paused"

    discarded = rows("eventbus", "SELECT event_id FROM eventbus_discard")[0]["event_id"]
    path = upgraded.as_operator("GET", f"/bus/events/{discarded}").json()
    assert {row["subscription"]: row["state"] for row in path["deliveries"]} == {
        "query": "settled",
        "broken": "discarded",
    }


def test_a_write_that_was_answered_before_is_answered_the_same_again(upgraded: System) -> None:
    post = next(each for each in upgraded.posts() if each["title"] == "Post 1")
    before = upgraded.comments(post)
    again = call(
        "POST",
        upgraded.url("comments", f"/posts/{post['id']}/comments"),
        json={"content": "A fine post. (0.0)", "author": "Ben"},
        headers={"Idempotency-Key": "key-0-0"},
    )
    assert (again.status_code, again.json()["id"]) == (201, before[-1]["id"])
    assert upgraded.comments(post) == before


def test_new_writes_take_their_way(upgraded: System) -> None:
    post = upgraded.post("after the upgrade")
    comment = upgraded.comment(post, "hello")
    upgraded.eventually(lambda: upgraded.statuses(post), {comment["id"]: "approved"})
    old = next(each for each in upgraded.posts() if each["title"] == "Post 1")
    late = upgraded.comment(old, "orange")
    upgraded.eventually(lambda: upgraded.statuses(old).get(late["id"]), "rejected")


def _status(system: System, held: Json) -> str | None:
    return system.statuses({"id": held["postId"]}).get(held["id"])
