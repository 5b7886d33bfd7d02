"""How many SQL statements the hot paths cost. A regression fails with the statement that is new."""

import pytest
from django.test import Client

from svc_chassis.testing.plugin import Deliver, Statements
from tests.events import comment, post, update

pytestmark = pytest.mark.django_db(transaction=True)

LOCKED_AND_LOOKED_UP = ["BEGIN", "SELECT inbox_inbox", "SELECT inbox_inboxevent", "SELECT inbox_inboxevent"]
APPLIED = [
    *LOCKED_AND_LOOKED_UP,
    "SAVEPOINT",
    "INSERT query_comment",
    "SELECT query_comment",  # the posts, with their numbers of comments
    "SELECT query_comment",  # the newest comments
    "SELECT query_post",  # the newest revision
    "UPDATE query_post",
    "RELEASE",
    "INSERT inbox_inboxevent",
    "COMMIT",
]


@pytest.mark.parametrize(
    ("path", "count"), [("/posts", 1), ("/posts?before=p1", 2), ("/posts/p1", 1), ("/posts/p3", 1)]
)
def test_a_page_is_one_statement_and_one_more_to_find_where_it_begins(
    client: Client, deliver: Deliver, statements: Statements, path: str, count: int
) -> None:
    deliver(post("p1"), post("p2"), comment(post_id="p1"))

    assert statements(lambda: client.get(path)) == ["SELECT query_post"] * count


@pytest.mark.parametrize("comments", [1, 500])
def test_a_batch_is_applied_with_as_many_statements_as_one_event(
    deliver: Deliver, statements: Statements, comments: int
) -> None:
    deliver(post("p0"), post("p1"))
    batch = [comment(f"c{number}", post_id=f"p{number % 2}") for number in range(comments)]

    assert statements(lambda: deliver(*batch)) == APPLIED


def test_what_comes_again_changes_nothing(deliver: Deliver, statements: Statements) -> None:
    deliver(post(), event := update())

    assert statements(lambda: deliver(event)) == [*LOCKED_AND_LOOKED_UP, "COMMIT"]
