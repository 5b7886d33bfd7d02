"""A story that is another one than expected is told whole, a line for each event."""

from typing import Any

import pytest
from tools.simulation.places import Databases

from contracts import CommentCreated, CommentModerated, CommentUpdated, PostCreated
from svc_chassis.events.contract import Contract
from system_tests.flows.flow import Flow, tell
from system_tests.flows.telling import HEAD

POST = PostCreated(id="6f0cbb7e-0000-4000-8000-000000000001", title="hi", version=1)
CREATED = CommentCreated(id="c1", post_id=POST.id, content="see www.example.org", status="pending", version=1)
UPDATED = CommentUpdated(id="c1", post_id=POST.id, content="see www.example.org", status="approved", version=2)
POST_LINE = "posts       PostCreated(id='#1', version=1, title='hi')"
COMMENT_LINES = [
    f"comments    {event}(id='c1', version={version}, post_id='#1', content='see www.example.org', status='{status}')"
    for event, version, status in (("CommentCreated", 1, "pending"), ("CommentUpdated", 2, "approved"))
]


def told(flow: Flow, *expected: Contract) -> list[str]:
    """How the story is told where `expected` is not what happened."""
    with pytest.raises(AssertionError) as caught:
        flow.then(*expected)
    return str(caught.value).splitlines()


def test_an_event_that_is_missing_stands_where_it_was_expected(flow: Flow) -> None:
    flow.when_published(POST, UPDATED)

    assert told(flow, POST, CREATED, UPDATED) == [
        HEAD,
        f"  {POST_LINE}",
        f"- {COMMENT_LINES[0]}",
        f"  {COMMENT_LINES[1]}",
    ]


def test_an_event_more_than_expected_stands_where_it_happened(flow: Flow) -> None:
    flow.when_published(POST, CREATED, UPDATED)

    assert told(flow, POST, UPDATED) == [HEAD, f"  {POST_LINE}", f"+ {COMMENT_LINES[0]}", f"  {COMMENT_LINES[1]}"]


def test_another_order_is_another_story(flow: Flow) -> None:
    flow.when_published(CREATED, POST)

    assert told(flow, POST, CREATED) == [HEAD, f"+ {COMMENT_LINES[0]}", f"  {POST_LINE}", f"- {COMMENT_LINES[0]}"]


def test_where_a_payload_differs_is_pointed_at(flow: Flow) -> None:
    flow.when_published(POST)

    assert told(flow, POST.model_copy(update={"title": "ho"})) == [
        HEAD,
        "- posts       PostCreated(id='#1', version=1, title='ho')",
        "?                                                     ^",
        f"+ {POST_LINE}",
        "?                                                     ^",
    ]


def test_a_handler_that_fails_spoils_the_story_and_is_named(flow: Flow) -> None:
    verdict = CommentModerated(id="c1", post_id=POST.id, content="hello", status="approved", version=1)
    flow.when_published(verdict)

    assert told(flow, verdict) == [
        HEAD,
        "  moderation  CommentModerated(id='c1', version=1, post_id='#1', content='hello', status='approved')",
        "comments did not apply CommentModerated c1: UnknownComment: There is no comment c1: "
        "it was lost in a restore, or never existed here.",
    ]


def test_what_a_service_refuses_fails_with_its_words(flow: Flow) -> None:
    with pytest.raises(AssertionError, match=r"POST /posts at posts: 400 .*This field is required"):
        flow.when("posts", "/posts", heading="hi")


def test_a_story_told_again_is_the_same_to_the_id_and_the_microsecond(
    databases: Databases, django_db_blocker: Any
) -> None:
    def history() -> Any:
        with tell(databases) as flow:
            post = flow.when("posts", "/posts", title="hi")
            flow.when("comments", f"/posts/{post['id']}/comments", content="hello")
            return flow.shown("eventbus", "/events", by="operator")

    with django_db_blocker.unblock():
        first, second = history(), history()
    assert len(first) == 4
    assert first == second
