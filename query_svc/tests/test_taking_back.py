"""What was edited is shown as it is, and what was removed is not shown, counted or kept."""

import pytest
from django.db import connection
from django.test import Client

from query.changes import POSTS
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver
from tests.events import comment, comment_removal, edit, post, removal, shown, update

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_edited_post_is_shown_as_it_is_with_its_comments_and_its_time(client: Client, deliver: Deliver) -> None:
    deliver(post(), comment())
    deliver(edit(title="edited", body="anew", created_at=None))

    [found] = client.get("/posts").json()
    assert (found["title"], found["body"], found["author"]) == ("edited", "anew", "Ada")
    assert found["createdAt"] == "2026-01-01T00:00:00Z"
    assert found["comments"] == [shown()]


def test_an_edit_shows_a_post_whose_creation_never_came(client: Client, deliver: Deliver) -> None:
    deliver(edit())

    assert [each["title"] for each in client.get("/posts").json()] == ["edited"]


def test_a_removed_post_is_not_found_and_streams_say_that_it_changed(client: Client, deliver: Deliver) -> None:
    deliver(post("p1"), post("p2", 1), comment())
    before = POSTS.now()

    deliver(removal("p1"))

    is_problem(client.get("/posts/p1"), 404)
    assert [each["id"] for each in client.get("/posts").json()] == ["p2"]
    assert "p1" in str(POSTS.since(before))


def test_a_comment_on_a_removed_post_shows_nothing(client: Client, deliver: Deliver) -> None:
    deliver(post(), removal(), comment(), update())

    is_problem(client.get("/posts/p1"), 404)


def test_a_page_goes_on_after_a_post_that_was_removed_meanwhile(client: Client, deliver: Deliver) -> None:
    deliver(*(post(f"p{number}", number) for number in range(3)), removal("p1", 1))

    assert [each["id"] for each in client.get("/posts?before=p1").json()] == ["p0"]


def test_a_removed_comment_is_neither_shown_nor_counted(client: Client, deliver: Deliver) -> None:
    deliver(post(), comment("c1"), comment("c2", 1), update("c1"))
    deliver(comment_removal("c1"))

    assert client.get("/posts/p1").json()["commentCount"] == 1
    assert client.get("/posts/p1").json()["comments"] == [shown("c2", createdAt="2026-01-01T00:01:00Z")]


def test_an_edited_comment_hides_its_text_until_it_is_approved_again(client: Client, deliver: Deliver) -> None:
    deliver(post(), update(content="first"), update(content="second", status="pending", version=3))
    assert client.get("/posts/p1").json()["comments"] == [shown()]

    deliver(update(content="second", version=4))
    assert client.get("/posts/p1").json()["comments"] == [shown(content="second", status="approved")]


def test_no_text_of_what_was_removed_is_kept(deliver: Deliver) -> None:
    deliver(post(title="a secret", body="a secret", author="a secret"), update(content="a secret", author="a secret"))
    deliver(comment_removal(), removal())

    with connection.cursor() as cursor:
        for table in ("query_post", "query_comment"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "secret" not in str(
                [bytes(value) if isinstance(value, memoryview) else value for row in cursor.fetchall() for value in row]
            )


def test_the_former_release_writes_on_during_an_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO query_post (id, title, body, author, created_at, rendered, revision) "
            "VALUES ('p1', 'hi', '', '', '2026-01-01 00:00:00+00', '', 1)"
        )
        cursor.execute("SELECT removed FROM query_post")
        assert [bool(removed) for (removed,) in cursor.fetchall()] == [False]
