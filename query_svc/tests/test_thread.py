"""GET /posts/<id>/thread: all comments of a post, of which the post itself shows the newest."""

from typing import Any

import pytest
from django.test import Client

from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Statements
from tests.events import comment, comment_removal, post, removal, shown, update

pytestmark = pytest.mark.django_db(transaction=True)

READ = ["SELECT query_post", "SELECT query_comment"]


def thread(client: Client, path: str = "/posts/p1/thread", **query: Any) -> list[list[Json]]:
    """Its pages, each as it was answered."""
    response = client.get(path, query)
    following = response.headers.get("Link", "").partition(">")[0].lstrip("<")
    return [response.json(), *(thread(client, following) if following else [])]


def ids(page: list[Json]) -> list[str]:
    return [each["id"] for each in page]


def test_it_goes_on_where_the_embedded_comments_begin_without_a_gap_or_a_repetition(
    client: Client, deliver: Deliver
) -> None:
    deliver(post(), *(comment(f"c{number:03}", number // 7) for number in range(130)))
    embedded = client.get("/posts/p1").json()["comments"]

    older = thread(client, before=embedded[0]["id"], limit=50)

    assert [len(page) for page in older] == [50, 30]
    assert [*ids(older[0]), *ids(older[1])] == [f"c{number:03}" for number in reversed(range(80))]
    assert thread(client, limit=50)[0][::-1] == embedded


def test_text_and_name_are_shown_as_the_post_shows_them(client: Client, deliver: Deliver) -> None:
    deliver(
        post(),
        *(comment(name, minute, content="secret") for minute, name in enumerate(["c1", "c2", "c3"])),
        update("c2", 1, content="public"),
        update("c3", 2, content="secret", status="rejected", reason="Rude."),
    )

    assert thread(client) == [
        [
            shown("c3", status="rejected", reason="Rude.", createdAt="2026-01-01T00:02:00Z"),
            shown("c2", content="public", status="approved", createdAt="2026-01-01T00:01:00Z"),
            shown("c1"),
        ]
    ]
    assert thread(client)[0][::-1] == client.get("/posts/p1").json()["comments"]


def test_comments_of_one_moment_are_in_the_order_of_their_ids_over_pages(client: Client, deliver: Deliver) -> None:
    deliver(post(), *(comment(name) for name in "badce"))

    assert [ids(page) for page in thread(client, limit=2)] == [["e", "d"], ["c", "b"], ["a"]]


def test_a_removed_comment_is_not_shown_and_a_page_goes_on_after_it(client: Client, deliver: Deliver) -> None:
    deliver(post(), *(comment(f"c{minute}", minute) for minute in range(4)), comment_removal("c2", 2))

    assert ids(thread(client)[0]) == ["c3", "c1", "c0"]
    assert ids(thread(client, before="c2")[0]) == ["c1", "c0"]
    is_problem(client.get("/posts/p1/thread/c2"), 404)


def test_it_has_only_the_comments_of_its_post(client: Client, deliver: Deliver) -> None:
    deliver(post("p1"), post("p2"), comment("c1"), comment("c2", post_id="p2"))

    assert ids(thread(client)[0]) == ["c1"]
    is_problem(client.get("/posts/p1/thread", {"before": "c2"}), 400, ["before"])
    is_problem(client.get("/posts/p1/thread/c2"), 404)


@pytest.mark.parametrize("path", ["/posts/p1/thread", "/posts/p1/thread/c1"])
def test_the_thread_of_a_post_that_is_removed_or_not_here_is_not_found(
    client: Client, deliver: Deliver, path: str
) -> None:
    deliver(comment("c1"))
    is_problem(client.get(path), 404)

    deliver(post(), removal())
    is_problem(client.get(path), 404)


def test_one_comment_is_found_by_its_id(client: Client, deliver: Deliver) -> None:
    deliver(post(), update(content="hello"))

    assert client.get("/posts/p1/thread/c1").json() == shown(content="hello", status="approved")


@pytest.mark.parametrize("path", ["/posts/p1/thread", "/posts/p1/thread/c1"])
def test_what_did_not_change_is_not_sent_again(client: Client, deliver: Deliver, path: str) -> None:
    deliver(post(), comment())
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304

    deliver(update(content="hello"))
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/posts/p1/thread", READ),
        ("/posts/p1/thread?before=c1", [*READ, "SELECT query_comment"]),
        ("/posts/p1/thread/c1", READ),
    ],
)
def test_a_page_of_it_costs_as_many_statements_however_long_it_is(
    client: Client, deliver: Deliver, statements: Statements, path: str, expected: list[str]
) -> None:
    deliver(post(), *(comment(f"c{number}", number) for number in range(200)))

    assert statements(lambda: client.get(path)) == expected
