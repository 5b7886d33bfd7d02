"""An author edits and removes their own post, a moderator removes any, and nothing of it stays."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from contracts import PostModerated
from posts.models import Post
from svc_chassis.restoring import restored
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published, Statements, wire
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, key: str | None = None, **post: Any) -> Json:
    headers = {"Idempotency-Key": key} if key else {}
    written: Json = client.post("/posts/create", post, content_type="application/json", headers=headers).json()
    return written


def edit(client: Client, post: Json, **text: Any) -> Any:
    return client.put(address(post), text, content_type="application/json", headers=bearer(post))


def remove(client: Client, post: Json) -> Any:
    return client.delete(address(post), headers=bearer(post))


def address(post: Json) -> str:
    return f"/posts/{post['id']}/text"


def bearer(post: Json) -> Json:
    return {"Authorization": f"Bearer {post['editToken']}"}


def removal(post: Json) -> Json:
    return wire(PostModerated(id=post["id"], status="removed", reason="Advertising.", moderator="ann", version=1))


def test_an_edited_post_is_answered_whole_and_its_event_carries_all_of_it(client: Client, published: Published) -> None:
    post = write(client, title="hi", body="there", author="Ada")

    response = edit(client, post, title="hello", body="you")

    token = post.pop("editToken")
    assert (response.status_code, response.json()) == (200, post | {"title": "hello", "body": "you", "version": 2})
    _, event = published()
    assert event["type"] == "PostUpdated"
    assert event["data"] == response.json() | {"status": "published"}
    assert client.get(f"/posts/{post['id']}").json() == response.json()
    assert token not in str(published())


def test_an_edit_without_a_body_leaves_none(client: Client) -> None:
    post = write(client, title="hi", body="there")

    assert edit(client, post, title="hi").json()["body"] == ""


def test_an_edit_that_is_sent_again_changes_nothing(client: Client, published: Published) -> None:
    post = write(client, title="hi")

    answers = [edit(client, post, title="hello").json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert [event["type"] for event in published()] == ["PostCreated", "PostUpdated"]


def test_a_removed_post_is_gone_at_every_door_and_nothing_of_its_text_is_left(
    client: Client, published: Published
) -> None:
    post, other = write(client, "key-1", title="hi", body="there", author="Ada"), write(client, title="stays")
    edit(client, post, title="a new secret", body="there")

    response = remove(client, post)

    assert (response.status_code, response.content) == (204, b"")
    is_problem(client.get(f"/posts/{post['id']}"), 404)
    assert [each["id"] for each in client.get("/posts").json()] == [other["id"]]
    assert published()[-1]["data"] == {
        "id": post["id"],
        "title": "",
        "body": "",
        "author": "",
        "status": "removed",
        "createdAt": post["createdAt"],
        "version": 3,
    }
    assert published()[-1]["tombstone"] is True
    row = Post.objects.get(id=post["id"])
    assert (row.title, row.body, row.author, row.edit_token_hash) == ("", "", "", "")
    # Neither in the outbox nor among the kept answers.
    assert [event["subject"] for event in published()] == [other["id"], post["id"]]
    assert [text for text in ("there", "secret", "Ada") if text in everything_stored()] == []


def test_a_write_whose_post_was_removed_is_not_executed_again(client: Client, published: Published) -> None:
    remove(client, write(client, "key-1", title="hi"))

    again = client.post("/posts/create", {"title": "hi"}, "application/json", headers={"Idempotency-Key": "key-1"})

    is_problem(again, 410)
    assert (client.get("/posts").json(), len(published())) == ([], 1)


def test_a_removed_post_cannot_be_edited_or_removed_again(client: Client, published: Published) -> None:
    post = write(client, title="hi")
    remove(client, post)

    is_problem(edit(client, post, title="back"), 404)
    is_problem(remove(client, post), 404)

    assert [event["data"]["version"] for event in published()] == [2]


def test_a_page_goes_on_after_a_post_that_was_removed_meanwhile(client: Client) -> None:
    posts = [write(client, title=str(number)) for number in range(3)]
    remove(client, posts[1])

    assert [each["title"] for each in client.get("/posts", {"before": posts[1]["id"]}).json()] == ["0"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}])
@pytest.mark.parametrize("method", ["put", "delete"])
def test_without_its_token_nobody_touches_a_post(
    client: Client, published: Published, method: str, headers: Json
) -> None:
    post = write(client, title="hi")

    response = getattr(client, method)(
        address(post), {"title": "hello"}, content_type="application/json", headers=headers
    )

    is_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert len(published()) == 1


def test_the_token_of_another_post_is_refused_and_that_of_an_old_post_is_nobodys(
    client: Client, published: Published
) -> None:
    post, other = write(client, title="hi"), write(client, title="other")
    Post.objects.filter(id=other["id"]).update(edit_token_hash="")

    is_problem(edit(client, post | {"editToken": other["editToken"]}, title="hello"), 401)
    is_problem(remove(client, other), 401)

    assert len(published()) == 2


def test_a_write_that_is_sent_again_is_answered_with_the_same_token_and_the_database_has_none(
    client: Client,
) -> None:
    once, again = (write(client, "key-1", title="hi") for _ in range(2))

    assert once == again
    assert once["editToken"] not in everything_stored()
    assert edit(client, again, title="hello").status_code == 200


def test_a_moderators_word_removes_a_post_in_its_own_chain(
    client: Client, deliver: Deliver, published: Published
) -> None:
    post = write(client, title="hi", body="there")
    verdict = removal(post)

    assert deliver(verdict) == [{"id": verdict["id"], "status": "applied"}]

    event = published()[-1]
    assert (event["type"], event["data"]["status"], event["causationid"]) == ("PostUpdated", "removed", verdict["id"])
    is_problem(client.get(f"/posts/{post['id']}"), 404)


def test_a_moderators_word_on_a_post_that_is_removed_or_unknown_changes_nothing(
    client: Client, deliver: Deliver, published: Published
) -> None:
    post = write(client, title="hi")
    remove(client, post)

    results = deliver(removal(post), removal({"id": "never-heard-of"}))

    assert [result["status"] for result in results] == ["applied", "applied"]
    assert [event["data"]["version"] for event in published()] == [2]


def test_after_a_restore_an_edit_makes_a_version_above_all_that_was_published(
    client: Client, published: Published
) -> None:
    post = write(client, title="hi")
    restored()

    edit(client, post, title="hello")

    assert published()[-1]["data"]["version"] > 3


def test_an_edit_is_found_and_locked_and_written_with_its_event(client: Client, statements: Statements) -> None:
    post = write(client, title="hi")

    assert statements(lambda: edit(client, post, title="hello")) == [
        "SELECT posts_post",  # whose it is
        "BEGIN",
        "SELECT posts_post",
        "SELECT outbox_versionfloor",
        "UPDATE posts_post",
        "INSERT outbox_outboxevent",
        "COMMIT",
    ]


def test_the_former_release_writes_on_during_an_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO posts_post (id, title, body, author, created_at, version) "
            "VALUES ('p1', 'hi', '', '', '2026-01-01 00:00:00+00', 1)"
        )
        cursor.execute("SELECT removed FROM posts_post")
        assert [bool(removed) for (removed,) in cursor.fetchall()] == [False]
