"""What follows from a comment, event by event."""

import pytest

from contracts import CommentCreated, CommentModerated, CommentUpdated, PostCreated
from svc_chassis.testing.plugin import Json
from system_tests.flows.flow import Flow

LINK = "It contains a link, so a person decides."
ORANGE = "It contains the banned word “orange”."
UNHEARD_OF = "6f0cbb7e-0000-4000-8000-000000000001"


@pytest.fixture
def post(flow: Flow) -> Json:
    return flow.given("posts", "/posts", title="hi")


def shown(flow: Flow, post: Json) -> list[tuple[str, str | None, str | None]]:
    """What readers see of its comments, the oldest first."""
    comments = flow.shown("query", f"/posts/{post['id']}")["comments"]
    return [(comment["status"], comment["reason"], comment["content"]) for comment in comments]


def test_a_harmless_comment_is_approved(flow: Flow, post: Json) -> None:
    comment = flow.when("comments", f"/posts/{post['id']}/comments", content="hello", author="Ada")

    approved = comment | {"status": "approved"}
    flow.then(
        CommentCreated(**comment),
        CommentModerated(**approved | {"moderator": "rules", "version": 1}),
        CommentUpdated(**approved | {"moderator": "rules", "moderationVersion": 1, "version": 2}),
    )
    assert shown(flow, post) == [("approved", None, "hello")]


def test_a_banned_word_rejects_a_comment_and_nobody_else_reads_it(flow: Flow, post: Json) -> None:
    comment = flow.when("comments", f"/posts/{post['id']}/comments", content="an orange")

    rejected = comment | {"status": "rejected", "reason": ORANGE}
    flow.then(
        CommentCreated(**comment),
        CommentModerated(**rejected | {"moderator": "rules", "version": 1}),
        CommentUpdated(**rejected | {"moderator": "rules", "moderationVersion": 1, "version": 2}),
    )
    assert shown(flow, post) == [("rejected", ORANGE, None)]


def test_a_link_is_held_until_a_moderator_decides(flow: Flow, post: Json) -> None:
    comment = flow.when("comments", f"/posts/{post['id']}/comments", content="see https://example.org")

    flow.then(CommentCreated(**comment))
    assert shown(flow, post) == [("pending", None, None)]

    decision = f"/moderation/comments/{comment['id']}/decision"
    flow.when("moderation", decision, by="moderator", status="approved", reason="A good one.")

    approved = comment | {"status": "approved", "reason": "A good one."}
    flow.then(
        CommentModerated(**approved | {"moderator": "moderator", "version": 1}),
        CommentUpdated(**approved | {"moderator": "moderator", "moderationVersion": 1, "version": 2}),
    )
    assert shown(flow, post) == [("approved", "A good one.", "see https://example.org")]


def test_a_moderator_may_decide_again(flow: Flow, post: Json) -> None:
    comment = flow.given("comments", f"/posts/{post['id']}/comments", content="an orange")

    decision = f"/moderation/comments/{comment['id']}/decision"
    flow.when("moderation", decision, by="moderator", status="approved")

    approved = comment | {"status": "approved"}
    flow.then(
        CommentModerated(**approved | {"moderator": "moderator", "version": 2}),
        CommentUpdated(**approved | {"moderator": "moderator", "moderationVersion": 2, "version": 3}),
    )
    assert shown(flow, post) == [("approved", None, "an orange")]


def test_a_comment_before_its_post_is_shown_when_the_post_comes(flow: Flow) -> None:
    comment = flow.when("comments", f"/posts/{UNHEARD_OF}/comments", content="first!")

    approved = comment | {"status": "approved"}
    flow.then(
        CommentCreated(**comment),
        CommentModerated(**approved | {"moderator": "rules", "version": 1}),
        CommentUpdated(**approved | {"moderator": "rules", "moderationVersion": 1, "version": 2}),
    )
    assert flow.shown("query", "/posts") == []

    post = PostCreated(id=UNHEARD_OF, title="hi", version=1)
    flow.when_published(post)

    flow.then(post)
    assert shown(flow, {"id": UNHEARD_OF}) == [("approved", None, "first!")]


def test_an_update_before_its_creation_stands_when_the_creation_comes(flow: Flow, post: Json) -> None:
    comment = {"id": "c1", "post_id": post["id"], "content": "see https://example.org"}
    updated = CommentUpdated(**comment, status="approved", version=2)
    created = CommentCreated(**comment, status="pending", version=1)

    flow.when_published(updated, created)

    flow.then(updated, created)
    assert shown(flow, post) == [("approved", None, "see https://example.org")]


def test_while_moderation_is_away_a_comment_waits_and_then_goes_its_way(flow: Flow, post: Json) -> None:
    flow.when_stopped("moderation")
    comment = flow.when("comments", f"/posts/{post['id']}/comments", content="hello")

    flow.then(CommentCreated(**comment))
    assert shown(flow, post) == [("pending", None, None)]

    flow.when_started("moderation")

    approved = comment | {"status": "approved"}
    flow.then(
        CommentModerated(**approved | {"moderator": "rules", "version": 1}),
        CommentUpdated(**approved | {"moderator": "rules", "moderationVersion": 1, "version": 2}),
    )


def test_a_bus_that_lost_its_log_gets_it_again_and_nothing_happens_twice(flow: Flow, post: Json) -> None:
    flow.given("comments", f"/posts/{post['id']}/comments", content="hello")
    before = flow.shown("query", "/posts")

    flow.when_stopped("eventbus")
    flow.when_started("eventbus")

    flow.then()
    assert len(flow.shown("eventbus", "/events", by="operator")) == 4
    assert flow.shown("query", "/posts") == before


def test_moderation_that_lost_its_database_knows_again_what_was_decided_and_its_next_word_counts(
    flow: Flow, post: Json
) -> None:
    comment = flow.given("comments", f"/posts/{post['id']}/comments", content="an orange")
    decision = f"/moderation/comments/{comment['id']}/decision"
    flow.given("moderation", decision, by="moderator", status="approved")

    flow.when_database_lost("moderation")

    # By the rules, once more, and what it learns was decided; comments takes both for late.
    by_rule = {"status": "rejected", "reason": ORANGE, "moderator": "rules", "version": 1}
    decided = {"status": "approved", "moderator": "moderator", "version": 2}
    flow.then(CommentModerated(**comment | by_rule), CommentModerated(**comment | decided))
    [known] = flow.shown("moderation", "/moderation/comments", by="moderator")
    assert (known["status"], known["moderator"]) == ("approved", "moderator")
    assert shown(flow, post) == [("approved", None, "an orange")]

    flow.when("moderation", decision, by="moderator", status="rejected", reason="After all, no.")

    rejected = comment | {"status": "rejected", "reason": "After all, no.", "moderator": "moderator"}
    flow.then(
        CommentModerated(**rejected | {"version": 3}),
        CommentUpdated(**rejected | {"moderationVersion": 3, "version": 4}),
    )
    assert shown(flow, post) == [("rejected", "After all, no.", None)]
