"""An author edits and removes their own comment, a moderator removes any, and nothing of it stays."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from comments.models import Comment
from contracts import CommentModerated
from svc_chassis.restoring import restored
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published, Statements, wire
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)

POST = "/posts/p1/comments"


def write(client: Client, content: str = "hello", **more: Any) -> Json:
    comment: Json = client.post(POST, {"content": content, **more}, content_type="application/json").json()
    return comment


def edit(client: Client, comment: Json, content: str) -> Any:
    body = {"content": content}
    return client.put(address(comment), body, content_type="application/json", headers=bearer(comment))


def remove(client: Client, comment: Json) -> Any:
    return client.delete(address(comment), headers=bearer(comment))


def address(comment: Json) -> str:
    return f"{POST}/{comment['id']}"


def bearer(comment: Json) -> Json:
    return {"Authorization": f"Bearer {comment['editToken']}"}


def verdict(comment: Json, version: int = 1, **said: Any) -> Json:
    known = {"id": comment["id"], "post_id": "p1", "content": comment["content"], "status": "approved"}
    return wire(CommentModerated.model_validate(known | {"moderator": "rules", "version": version} | said))


def removal(comment: Json, version: int = 2) -> Json:
    said = {"content": "", "status": "rejected", "reason": "Rude.", "moderator": "ann", "removed": True}
    return verdict(comment, version, **said)


def listed(client: Client) -> list[Json]:
    found: list[Json] = client.get(POST).json()
    return found


def test_an_edited_comment_waits_for_moderation_again_and_its_new_text_is_not_public(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client, "hello", author="Ada")
    deliver(verdict(comment, status="rejected", reason="No."))

    response = edit(client, comment, "hello, all")

    del comment["editToken"]
    assert (response.status_code, response.json()) == (200, comment | {"content": "hello, all", "version": 3})
    assert listed(client) == [response.json() | {"content": None, "author": None}]
    event = published()[-1]
    assert event["type"] == "CommentUpdated"
    assert event["data"] == response.json() | {"moderator": "", "moderationVersion": 1, "removed": False}


def test_an_edit_that_is_sent_again_changes_nothing(client: Client, deliver: Deliver, published: Published) -> None:
    comment = write(client)
    edit(client, comment, "hello, all")
    deliver(verdict(comment, content="hello, all"))

    assert edit(client, comment, "hello, all").json()["status"] == "approved"

    assert [event["data"]["status"] for event in published()] == ["pending", "pending", "approved"]


def test_a_verdict_on_the_former_text_does_not_make_the_new_one_public(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client, "hello")
    edit(client, comment, "an orange")

    [result] = deliver(verdict(comment, content="hello"))

    assert result["status"] == "applied"
    assert [each["status"] for each in listed(client)] == ["pending"]
    told = published()[-1]["data"]
    assert (told["content"], told["status"], told["moderationVersion"]) == ("an orange", "pending", 1)

    deliver(verdict(comment, 2, content="an orange", status="rejected"))
    assert [each["status"] for each in listed(client)] == ["rejected"]


def test_a_foreign_verdict_on_the_former_text_says_nothing(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client, "hello")
    edit(client, comment, "an orange")

    deliver(CommentModerated(id=comment["id"], post_id="p1", content="hello", status="approved"))

    assert [each["status"] for each in listed(client)] == ["pending"]
    assert len(published()) == 2


def test_a_removed_comment_is_gone_and_nothing_of_its_text_is_left(client: Client, published: Published) -> None:
    comment, other = write(client, "hello", author="Ada"), write(client, "stays")

    response = remove(client, comment)

    assert (response.status_code, response.content) == (204, b"")
    assert [each["id"] for each in listed(client)] == [other["id"]]
    assert published()[-1]["data"] == {
        "id": comment["id"],
        "postId": "p1",
        "content": "",
        "author": "",
        "status": "rejected",
        "reason": None,
        "moderator": "",
        "moderationVersion": None,
        "createdAt": comment["createdAt"],
        "removed": True,
        "version": 2,
    }
    row = Comment.objects.get(id=comment["id"])
    assert (row.content, row.author, row.edit_token_hash) == ("", "", "")
    assert published()[-1]["tombstone"] is True
    assert [text for text in ("hello", "Ada") if text in everything_stored()] == []


def test_a_write_whose_comment_was_removed_is_not_executed_again(client: Client, published: Published) -> None:
    key = {"Idempotency-Key": "key-1"}
    once, again = (
        remove_after(client, client.post(POST, {"content": "hello"}, "application/json", headers=key)) for _ in range(2)
    )

    assert once.status_code == 201
    is_problem(again, 410)
    assert (listed(client), len(published())) == ([], 1)
    assert "hello" not in everything_stored()


def remove_after(client: Client, response: Any) -> Any:
    if response.status_code == 201:
        remove(client, response.json())
    return response


def test_a_removed_comment_cannot_be_edited_removed_or_approved(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client)
    remove(client, comment)

    is_problem(edit(client, comment, "back"), 404)
    is_problem(remove(client, comment), 404)
    results = deliver(verdict(comment), verdict(comment, 2, content=""), removal(comment, 3))

    assert [result["status"] for result in results] == ["applied"] * 3
    assert [event["data"]["version"] for event in published()] == [2]
    assert listed(client) == []


def test_a_moderators_removal_needs_no_token_and_keeps_the_reason(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client)
    word = removal(comment)

    deliver(word)

    event = published()[-1]
    assert event["causationid"] == word["id"]
    said = {name: event["data"][name] for name in ("content", "removed", "reason", "moderator", "moderationVersion")}
    assert said == {"content": "", "removed": True, "reason": "Rude.", "moderator": "ann", "moderationVersion": 2}
    assert listed(client) == []


def test_a_moderators_removal_is_done_whatever_the_text_is_by_now(client: Client, deliver: Deliver) -> None:
    comment = write(client)
    edit(client, comment, "another text")

    deliver(removal(comment))

    assert listed(client) == []


def test_the_removal_of_a_comment_that_a_restore_lost_has_nothing_to_do(deliver: Deliver, published: Published) -> None:
    assert [result["status"] for result in deliver(removal({"id": "c1", "content": ""}))] == ["applied"]
    assert published() == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}])
@pytest.mark.parametrize("method", ["put", "delete"])
def test_without_its_token_nobody_touches_a_comment(
    client: Client, published: Published, method: str, headers: Json
) -> None:
    comment = write(client)
    ask = getattr(client, method)

    response = ask(address(comment), {"content": "mine"}, content_type="application/json", headers=headers)

    is_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert len(published()) == 1


def test_the_token_of_another_comment_is_refused(client: Client) -> None:
    comment, other = write(client), write(client)

    is_problem(edit(client, comment | {"editToken": other["editToken"]}, "mine"), 401)


def test_a_comment_is_not_found_under_another_post(client: Client) -> None:
    comment = write(client)

    response = client.delete(f"/posts/p2/comments/{comment['id']}", headers=bearer(comment))

    is_problem(response, 404)


def test_after_a_restore_an_edit_makes_a_version_above_all_that_was_published(
    client: Client, published: Published
) -> None:
    comment = write(client)
    restored()

    edit(client, comment, "hello, all")

    assert published()[-1]["data"]["version"] > 3


def test_an_edit_is_found_and_locked_and_written_with_its_event(client: Client, statements: Statements) -> None:
    comment = write(client)

    assert statements(lambda: edit(client, comment, "hello, all")) == [
        "SELECT comments_comment",  # whose it is
        "BEGIN",
        "SELECT comments_comment",
        "SELECT outbox_versionfloor",
        "UPDATE comments_comment",
        "INSERT outbox_outboxevent",
        "COMMIT",
    ]


def test_the_former_release_writes_on_during_an_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_comment (id, post_id, content, author, status, created_at, version) "
            "VALUES ('c1', 'p1', 'hi', '', 'pending', '2026-01-01 00:00:00+00', 1)"
        )
        cursor.execute("SELECT removed FROM comments_comment")
        assert [bool(removed) for (removed,) in cursor.fetchall()] == [False]
