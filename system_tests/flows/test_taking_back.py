"""What follows when something is edited or removed, event by event."""

import pytest

from contracts import CommentModerated, CommentUpdated, PostModerated, PostUpdated
from svc_chassis.testing.plugin import Json
from system_tests.flows.flow import Flow

ORANGE = "It contains the banned word “orange”."


@pytest.fixture
def post(flow: Flow) -> Json:
    return flow.given("posts", "/posts", title="hi", body="there")


@pytest.fixture
def comment(flow: Flow, post: Json) -> Json:
    return flow.given("comments", f"/posts/{post['id']}/comments", content="hello", author="Ada")


def address(comment: Json) -> str:
    return f"/posts/{comment['postId']}/comments/{comment['id']}"


def shown(flow: Flow, post: Json) -> list[tuple[str, str | None]]:
    comments = flow.shown("query", f"/posts/{post['id']}")["comments"]
    return [(comment["status"], comment["content"]) for comment in comments]


def is_shown(flow: Flow, post: Json) -> bool:
    return post["id"] in [each["id"] for each in flow.shown("query", "/posts")]


def test_an_edited_post_is_shown_as_it_is(flow: Flow, post: Json, comment: Json) -> None:
    path = f"/posts/{post['id']}/text"
    edited = flow.when("posts", path, method="PUT", by=post["editToken"], title="edited")

    flow.then(PostUpdated(**edited, status="published"))
    [found] = flow.shown("query", "/posts")
    assert (found["title"], found["body"], found["commentCount"]) == ("edited", "", 1)


def test_a_post_that_its_author_removes_is_gone(flow: Flow, post: Json) -> None:
    flow.when("posts", f"/posts/{post['id']}/text", method="DELETE", by=post["editToken"])

    gone = {"title": "", "body": "", "author": "", "status": "removed", "version": 2}
    flow.then(PostUpdated(**post | gone))
    assert not is_shown(flow, post)


def test_a_post_that_a_moderator_removes_is_gone(flow: Flow, post: Json) -> None:
    flow.when("moderation", f"/moderation/posts/{post['id']}?reason=Rude.", method="DELETE", by="moderator")

    gone = {"title": "", "body": "", "author": "", "status": "removed", "version": 2}
    flow.then(
        PostModerated(id=post["id"], status="removed", reason="Rude.", moderator="moderator", version=1),
        PostUpdated(**post | gone),
    )
    assert not is_shown(flow, post)


def test_an_edited_comment_is_judged_again(flow: Flow, post: Json, comment: Json) -> None:
    edited = flow.when("comments", address(comment), method="PUT", by=comment["editToken"], content="an orange")

    verdict = edited | {"status": "rejected", "reason": ORANGE, "moderator": "rules"}
    flow.then(
        CommentUpdated(**edited | {"moderationVersion": 1}),
        CommentModerated(**verdict | {"version": 2}),
        CommentUpdated(**verdict | {"moderationVersion": 2, "version": 4}),
    )
    assert shown(flow, post) == [("rejected", None)]


def test_a_comment_that_is_edited_before_it_was_judged_is_public_only_with_its_last_text(
    flow: Flow, post: Json
) -> None:
    flow.when_stopped("moderation")
    comment = flow.given("comments", f"/posts/{post['id']}/comments", content="hello")
    edited = flow.when("comments", address(comment), method="PUT", by=comment["editToken"], content="an orange")
    flow.when_started("moderation")

    approved = comment | {"status": "approved", "moderator": "rules", "version": 1}
    void = edited | {"moderationVersion": 1, "version": 3}
    rejected = edited | {"status": "rejected", "reason": ORANGE, "moderator": "rules"}
    flow.then(
        CommentModerated(**approved),
        CommentModerated(**rejected | {"version": 2}),
        CommentUpdated(**void),
        CommentUpdated(**rejected | {"moderationVersion": 2, "version": 4}),
    )
    assert shown(flow, post) == [("rejected", None)]


def test_a_comment_that_its_author_removes_is_gone_and_moderation_forgets_it(
    flow: Flow, post: Json, comment: Json
) -> None:
    flow.when("comments", address(comment), method="DELETE", by=comment["editToken"])

    gone = {"content": "", "author": "", "status": "rejected", "removed": True}
    flow.then(
        CommentUpdated(**comment | gone | {"moderationVersion": 1, "version": 3}),
        CommentModerated(**comment | gone | {"version": 2}),
    )
    assert shown(flow, post) == []
    assert flow.shown("moderation", "/moderation/comments", by="moderator") == []


def test_a_comment_that_a_moderator_removes_is_gone(flow: Flow, post: Json, comment: Json) -> None:
    path = f"/moderation/comments/{comment['id']}?reason=Rude."
    flow.when("moderation", path, method="DELETE", by="moderator")

    gone = {"content": "", "status": "rejected", "reason": "Rude.", "moderator": "moderator", "removed": True}
    flow.then(
        CommentModerated(**comment | gone | {"version": 2}),
        CommentUpdated(**comment | gone | {"author": "", "moderationVersion": 2, "version": 3}),
    )
    assert shown(flow, post) == []


def test_what_was_removed_does_not_come_back_when_databases_are_lost(flow: Flow, post: Json, comment: Json) -> None:
    flow.when("comments", address(comment), method="DELETE", by=comment["editToken"])

    for service in ("query", "moderation"):
        flow.when_database_lost(service)

    assert shown(flow, post) == []
    assert flow.shown("moderation", "/moderation/comments", by="moderator") == []
