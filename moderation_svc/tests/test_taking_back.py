"""An edited comment is judged again, and a removed one is forgotten; a moderator removes comments and posts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from contracts import CommentCreated, CommentUpdated
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published, wire
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)

Write = Callable[..., CommentCreated]
Headers = dict[str, str]


def edited(comment: CommentCreated, content: str, version: int = 2, heard: int | None = None) -> CommentUpdated:
    """The author's edit; comments has heard moderation's version `heard`."""
    new = {"content": content, "version": version, "moderation_version": heard}
    return CommentUpdated.model_validate(comment.model_dump() | new)


def removed(comment: CommentCreated, version: int = 2) -> CommentUpdated:
    gone = {"content": "", "author": "", "status": "rejected", "removed": True, "version": version}
    return CommentUpdated.model_validate(comment.model_dump() | gone)


def queue(client: Client, moderator: Headers) -> list[Json]:
    found: list[Json] = client.get("/moderation/comments", headers=moderator).json()
    return found


def counts(client: Client, moderator: Headers) -> Json:
    found: Json = client.get("/moderation/counts", headers=moderator).json()
    return found


def decide(client: Client, moderator: Headers, status: str, version: int | None = None) -> Any:
    body = {"status": status, "version": version}
    path = "/moderation/comments/c1/decision"
    return client.post(path, body, content_type="application/json", headers=moderator)


def said(published: Published) -> list[tuple[str, str, int]]:
    """The text, the verdict and the version of each CommentModerated."""
    return [(event["data"]["content"], event["data"]["status"], event["data"]["version"]) for event in published()]


def test_an_edited_comment_is_judged_again_in_the_chain_of_the_edit(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    written = comment("c1", "hello")
    edit = wire(edited(written, "an orange"))
    deliver(written, edit)

    assert said(published) == [("hello", "approved", 1), ("an orange", "rejected", 2)]
    assert published()[-1]["causationid"] == edit["id"]


def test_an_edit_takes_back_what_a_person_decided_on_the_former_text(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    written = comment("c1", "see www.example.com")
    deliver(written)
    decide(client, moderator, "rejected")

    deliver(edited(written, "hello", version=3))

    assert said(published)[-1] == ("hello", "approved", 2)
    [row] = queue(client, moderator)
    assert (row["content"], row["status"], row["moderator"]) == ("hello", "approved", "rules")


def test_who_decides_on_a_text_that_was_edited_meanwhile_learns_so(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    written = comment("c1", "see www.example.com")
    deliver(written)
    [seen] = queue(client, moderator)

    deliver(edited(written, "see www.evil.example"))
    response = decide(client, moderator, "approved", seen["version"])

    is_problem(response, 409)
    assert response.json()["detail"] == "This comment or its verdict has changed meanwhile. Look at it again."
    assert response.json()["verdict"]["content"] == "see www.evil.example"
    assert published() == []
    assert decide(client, moderator, "approved", response.json()["verdict"]["version"]).status_code == 200
    assert said(published) == [("see www.evil.example", "approved", 2)]


def test_a_comment_whose_creation_never_came_is_judged_by_its_edit(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    deliver(edited(comment("c1", "hello"), "an orange"))

    assert said(published) == [("an orange", "rejected", 1)]


def test_after_a_loss_the_verdict_on_an_edit_has_a_version_that_comments_has_not_heard(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    written = comment("c1", "hello")
    edit = edited(written, "an orange", version=5, heard=3)

    deliver(edit, written)
    assert said(published) == [("an orange", "rejected", 4)]

    deliver(edited(written, "hello again", version=6, heard=9))
    assert said(published)[-1] == ("hello again", "approved", 10)


def test_a_verdict_that_was_void_is_made_again_only_if_it_is_lost(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    """Comments says of version 2 that it was on a former text."""
    written = comment("c1", "hello")
    deliver(written, edited(written, "an orange", version=2, heard=1), edited(written, "an orange", version=3, heard=1))
    assert said(published) == [("hello", "approved", 1), ("an orange", "rejected", 2)]

    deliver(edited(written, "an orange", version=4, heard=2))
    assert said(published)[2:] == [("an orange", "rejected", 3)]


def test_a_moderators_decision_that_comments_took_for_late_is_made_again(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    """This database was lost: the moderator decided again, with a version that comments has heard before."""
    written = comment("c1", "see www.example.com")
    deliver(written)
    decide(client, moderator, "rejected")

    deliver(edited(written, "see www.example.com", version=4, heard=1))

    assert said(published) == [("see www.example.com", "rejected", 1), ("see www.example.com", "rejected", 2)]
    assert published()[-1]["data"]["moderator"] == "moderator"


def test_a_decision_on_a_text_that_comments_does_not_have_gives_way_to_what_comments_goes_by(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    """Comments was restored: it has a former text, and the verdict on that."""
    written = comment("c1", "see www.example.com")
    deliver(written)
    decide(client, moderator, "rejected")

    former = {"content": "hello", "status": "approved", "moderation_version": 3, "version": 1_700_000_000_000}
    deliver(CommentUpdated.model_validate(written.model_dump() | former))

    [row] = queue(client, moderator)
    assert (row["content"], row["status"], row["version"]) == ("hello", "approved", 3)
    assert said(published)[-1] == ("hello", "approved", 3)


def test_a_removed_comment_is_forgotten_and_comes_back_with_no_repeated_event(
    client: Client, comment: Write, deliver: Deliver, moderator: Headers
) -> None:
    written = comment("c1", "a secret: see www.example.com")
    deliver(written, removed(written, 3))

    # Another bus gives it another id, and no version.
    deliver(written.model_copy(update={"version": None}))

    assert queue(client, moderator) == []
    assert set(counts(client, moderator).values()) == {0}
    is_problem(decide(client, moderator, "approved"), 404)
    assert "secret" not in everything_stored()


def test_a_removal_that_a_former_release_applied_without_a_tombstone_gets_one_when_it_is_published_again(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    written = comment("c1", "hello")
    deliver(written, removed(written, 3))
    OutboxEvent.objects.update(tombstone=False)

    deliver(removed(written, 4), removed(written, 5))

    assert [(event["data"]["version"], event["tombstone"]) for event in published()] == [(3, True)]


def test_a_comment_that_was_removed_before_it_was_heard_of_is_never_judged(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    written = comment("c1", "hello")
    deliver(removed(written), written)

    assert queue(client, moderator) == []
    assert said(published) == [("", "rejected", 1)]


def test_after_a_removal_a_tombstone_takes_the_place_of_the_verdicts_that_have_its_text(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    written = comment("c1", "a secret orange")
    deliver(written, comment("c2", "stays"), edited(written, "another secret"))

    deliver(removed(written, 4))

    assert said(published) == [("stays", "approved", 1), ("", "rejected", 3)]
    assert (published()[-1]["tombstone"], published()[-1]["data"]["removed"]) == (True, True)
    assert "secret" not in everything_stored()


@pytest.mark.parametrize("status", ["pending", "approved"])
def test_what_its_author_removed_is_removed_again_if_comments_was_restored(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers, status: str
) -> None:
    written = comment("c1", "hello")
    deliver(written)
    decide(client, moderator, "rejected")
    deliver(removed(written, 4))

    after = {"content": "hello again", "status": status, "moderation_version": 2, "version": 1_700_000_000_000}
    deliver(CommentUpdated.model_validate(written.model_dump() | after))

    assert queue(client, moderator) == []
    assert said(published) == [("", "rejected", 4)]
    assert "hello" not in everything_stored()


def test_a_moderator_removes_a_comment_and_its_text_goes_at_once(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    deliver(comment("c1", "a secret"), comment("c2", "stays"))

    response = client.delete("/moderation/comments/c1?reason=Private.", headers=moderator)

    assert (response.status_code, response.content) == (204, b"")
    assert published()[-1]["data"] == {
        "id": "c1",
        "postId": "p1",
        "content": "",
        "status": "rejected",
        "reason": "Private.",
        "moderator": "moderator",
        "removed": True,
        "version": 2,
    }
    assert [row["id"] for row in queue(client, moderator)] == ["c2"]
    assert "secret" not in everything_stored()
    [entry] = client.get("/moderation/audit", headers=moderator).json()
    assert (entry["action"], entry["target"], entry["reason"]) == ("remove comment", "c1", "Private.")


def test_a_moderator_has_a_post_removed_that_moderation_never_heard_of(
    client: Client, published: Published, moderator: Headers
) -> None:
    response = client.delete("/moderation/posts/p1?reason=Advertising.", headers=moderator)

    assert (response.status_code, response.content) == (202, b"")
    [event] = published()
    assert (event["type"], event["subject"]) == ("PostModerated", "p1")
    assert event["data"] == {
        "id": "p1",
        "status": "removed",
        "reason": "Advertising.",
        "moderator": "moderator",
        "version": 1,
    }
    [entry] = client.get("/moderation/audit", headers=moderator).json()
    assert (entry["action"], entry["target"], entry["reason"]) == ("remove post", "p1", "Advertising.")

    client.delete("/moderation/posts/p1", headers=moderator)
    assert [event["data"]["version"] for event in published()] == [1, 2]


@pytest.mark.parametrize("status", ["pending", "approved"])
def test_a_removal_that_comments_took_for_late_is_made_again(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers, status: str
) -> None:
    """This database was lost: the removal has a version that comments has heard before."""
    written = comment("c1", "hello")
    deliver(written)
    client.delete("/moderation/comments/c1", headers=moderator)

    stands = {"status": status, "moderation_version": 2, "version": 3}
    deliver(CommentUpdated.model_validate(written.model_dump() | stands))

    assert said(published) == [("", "rejected", 3)]
    assert published()[-1]["data"]["removed"]


def test_an_unknown_or_removed_comment_is_not_removed_and_the_audit_trail_has_no_such_entry(
    client: Client, comment: Write, deliver: Deliver, moderator: Headers
) -> None:
    written = comment("c1", "hello")
    deliver(written, removed(written))

    for comment_id in ("c1", "never-heard-of"):
        is_problem(client.delete(f"/moderation/comments/{comment_id}", headers=moderator), 404)

    assert client.get("/moderation/audit", headers=moderator).json() == []


@pytest.mark.parametrize("path", ["/moderation/comments/c1", "/moderation/posts/p1"])
def test_only_a_moderator_removes_and_a_bad_reason_removes_nothing(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers, path: str
) -> None:
    deliver(comment("c1", "hello"))

    is_problem(client.delete(path), 401)
    is_problem(client.delete(f"{path}?reason={'x' * 501}", headers=moderator), 400, ["reason"])

    assert len(published()) == 1


def test_the_former_release_writes_on_during_an_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO moderation_judgedcomment (id, post_id, content, author, created_at, status, version) "
            "VALUES ('c1', 'p1', 'hi', '', '2026-01-01 00:00:00+00', 'pending', 0)"
        )
        cursor.execute("SELECT removed FROM moderation_judgedcomment")
        assert [bool(removed) for (removed,) in cursor.fetchall()] == [False]
