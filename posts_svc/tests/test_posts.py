"""Posts through its HTTP door, with nothing else running."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from posts.models import Post
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published, Statements

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, **post: Any) -> Any:
    return client.post("/posts/create", post, content_type="application/json")


def public(post: Json) -> Json:
    """What everybody gets of a post that was just written."""
    return {key: value for key, value in post.items() if key != "editToken"}


def test_a_written_post_is_answered_whole_and_its_event_waits_in_the_outbox(
    client: Client, published: Published
) -> None:
    response = write(client, title="hi", body="there", author="Ada")

    post = response.json()
    assert response.status_code == 201
    assert post == {
        "id": post["id"],
        "title": "hi",
        "body": "there",
        "author": "Ada",
        "createdAt": post["createdAt"],
        "version": 1,
        "editToken": post["editToken"],
    }
    [event] = published()
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/posts",
        "type": "PostCreated",
        "subject": post["id"],
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/PostCreated/1",
        "correlationid": event["correlationid"],
        "traceparent": event["traceparent"],
        "data": public(post),
    }


def test_a_title_is_all_that_a_post_needs(client: Client) -> None:
    post = client.post("/posts", {"title": "hi"}, content_type="application/json").json()

    assert post == {
        "id": post["id"],
        "title": "hi",
        "body": "",
        "author": "",
        "createdAt": post["createdAt"],
        "version": 1,
        "editToken": post["editToken"],
    }


def test_what_surrounds_a_text_is_trimmed_and_what_a_post_does_not_have_is_ignored(client: Client) -> None:
    post = write(client, title="  hi\n", body=" there ", author="\tAda", id="mine", version=7).json()

    assert (post["title"], post["body"], post["author"], post["version"]) == ("hi", "there", "Ada", 1)
    assert post["id"] != "mine"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("x" * 20_000, 201),
        ("漢" * 20_000, 201),
        ("😀" * 15_499, 201),
        ("😀" * 15_500, 400),
        ("x\x01" * 10_000, 400),
    ],
)
def test_the_longest_post_fits_into_its_event_whatever_it_is_written_in(
    client: Client, published: Published, body: str, status: int
) -> None:
    response = write(client, title="x" + "\x01" * 199, body=body, author="x" + "\x01" * 79)

    assert response.status_code == status
    if status == 201:
        assert published()[0]["data"] == public(response.json())
    else:
        is_problem(response, 400, ["body"])
        assert (Post.objects.count(), published()) == (0, [])


def test_each_post_begins_a_chain_of_its_own(client: Client, published: Published) -> None:
    write(client, title="one")
    write(client, title="two")

    one, two = published()
    assert one["correlationid"] != two["correlationid"]
    assert "causationid" not in one


def test_a_post_and_its_event_are_stored_together_or_not_at_all(
    client: Client, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("svc_chassis.outbox.statements.add", full)

    is_problem(write(client, title="hi"), 503)

    assert (Post.objects.count(), published()) == (0, [])


def test_posts_are_listed_newest_first_page_by_page(client: Client) -> None:
    written = [public(write(client, title=str(number)).json()) for number in range(5)]

    first = client.get("/posts", {"limit": 2})
    second = client.get(first["Link"].partition(">")[0].lstrip("<"))
    third = client.get(second["Link"].partition(">")[0].lstrip("<"))

    assert [*first.json(), *second.json(), *third.json()] == written[::-1]
    assert first["Link"] == f'</posts?limit=2&before={written[3]["id"]}>; rel="next"'
    assert "Link" not in third


def test_one_post_is_found_by_its_id(client: Client) -> None:
    post = write(client, title="hi").json()

    assert client.get(f"/posts/{post['id']}").json() == public(post)


@pytest.mark.parametrize("post_id", ["00000000-0000-0000-0000-000000000000", "7", "%00", "hi there", "../events"])
def test_an_unknown_or_malformed_id_is_not_found(client: Client, post_id: str) -> None:
    is_problem(client.get(f"/posts/{post_id}"), 404)


def test_events_of_others_are_none_of_its_business(deliver: Deliver, published: Published) -> None:
    [result] = deliver({**OF_OTHERS, "id": "e1"})

    assert result == {"id": "e1", "status": "applied"}
    assert (Post.objects.count(), published()) == (0, [])


OF_OTHERS = {
    "specversion": "1.0",
    "source": "/elsewhere",
    "type": "SomethingHappened",
    "subject": "s1",
    "time": "2026-01-01T00:00:00Z",
    "data": {},
}


def test_a_write_is_two_statements_and_their_transaction(client: Client, statements: Statements) -> None:
    assert statements(lambda: write(client, title="hi")) == [
        "BEGIN",
        "INSERT posts_post",
        "INSERT outbox_outboxevent",
        "COMMIT",
    ]
