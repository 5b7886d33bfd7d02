"""The read model is the fold of all events, in whatever order and how often they come, and it is cheap."""

from itertools import chain, pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query.models import Comment, Post
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.testing.plugin import Deliver, Json
from tests.events import comment, comment_removal, edit, post, removal, update

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = [
    *(post(f"p{number}", minute) for number, minute in enumerate([0, 1, 1])),
    *(comment(f"c{number}", number // 2, f"p{number % 4}") for number in range(8)),
    *(update(f"c{number}", number // 2, f"p{number % 4}", status="approved", version=2) for number in range(6)),
    *(update(f"c{number}", number // 2, f"p{number % 4}", status="rejected", version=3) for number in range(3)),
    *(comment_removal(f"c{number}", number // 2, f"p{number % 4}") for number in (1, 4)),
    *(edit(f"p{number}", 1) for number in (1, 2)),
    removal("p2", 1),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(EVENTS),
    repeated=st.lists(st.sampled_from(EVENTS), max_size=10),
    cuts=st.sets(st.integers(1, len(EVENTS))),
)
def test_whatever_order_events_come_in_and_how_often_the_same_is_shown(
    client: Client, deliver: Deliver, order: list[Json], repeated: list[Json], cuts: set[int]
) -> None:
    arrived = order + repeated
    assert shown_after(client, deliver, arrived, cuts) == shown_after(client, deliver, EVENTS, set())


def shown_after(client: Client, deliver: Deliver, events: list[Json], cuts: set[int]) -> list[Json]:
    """`GET /posts` of a read model that heard `events`, cut into batches."""
    for model in (Post, Comment, InboxEvent):
        model._default_manager.all().delete()
    bounds = [0, *sorted(cuts), len(events)]
    for begin, end in pairwise(bounds):
        if batch := events[begin:end]:
            assert {result["status"] for result in deliver(*batch)} <= {"applied", "duplicate"}
    shown: list[Json] = client.get("/posts").json()
    return shown


def test_a_batch_costs_a_constant_number_of_queries(
    deliver: Deliver, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    deliver(post("p0"))
    mixed = [
        [post(f"p{n}", n), comment(f"c{n}", n, f"p{n - 1}"), update(f"c{n}", n, f"p{n - 1}")] for n in range(1, 31)
    ]

    for batch in (mixed[0], list(chain.from_iterable(mixed[1:]))):
        with django_assert_max_num_queries(16):
            deliver(*batch)


def test_a_page_costs_one_query_and_the_next_one_two(
    client: Client, deliver: Deliver, django_assert_num_queries: Any
) -> None:
    deliver(*(post(f"p{n}", n) for n in range(30)), *(comment(f"c{n}", n, f"p{n}") for n in range(30)))

    with django_assert_num_queries(1):
        client.get("/posts")
    with django_assert_num_queries(2):
        client.get("/posts", {"before": "p10"})
    with django_assert_num_queries(1):
        client.get("/posts/p1")


def test_text_and_name_of_what_is_not_approved_are_not_kept(deliver: Deliver) -> None:
    deliver(comment("c1", content="secret"), update("c2"), update("c2", status="rejected", version=3))

    assert list(Comment.objects.values_list("content", "author")) == [(None, None)] * 2


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_times_at_both_ends_of_the_calendar_are_shown_in_their_order(client: Client, deliver: Deliver) -> None:
    times = ["0001-01-01T00:00:00Z", "0001-01-01t23:59:00+23:59", "2016-12-31T23:59:60Z", "9999-12-31T23:59:59Z"]
    deliver(*(post(f"p{number}", created_at=time) for number, time in enumerate(times)))

    shown, path = [], "/posts?limit=1"
    while path:
        response = client.get(path)
        shown += [(each["id"], each["createdAt"]) for each in response.json()]
        path = response.headers.get("Link", "").partition(">")[0].removeprefix("<")

    assert shown == [
        ("p3", "9999-12-31T23:59:59Z"),
        ("p2", "2017-01-01T00:00:00Z"),
        ("p1", "0001-01-01T00:00:00Z"),
        ("p0", "0001-01-01T00:00:00Z"),
    ]
