"""The README's "break it in five minutes", with every service in turn: nobody else suffers, and nothing is missed."""

import pytest

from system_tests.harness.system import System

MODERATED = {"approved", "rejected"}


def test_without_moderation_comments_wait_and_are_approved_once_it_is_back(system: System) -> None:
    post = system.post("waiting for moderation")
    system.stop("moderation")
    hello, orange = system.comment(post, "hello"), system.comment(post, "orange")
    pending = {hello["id"]: "pending", orange["id"]: "pending"}
    system.eventually(lambda: system.statuses(post), pending)
    assert [shown["content"] for shown in system.comments(post)] == [None, None]
    system.start("moderation")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved", orange["id"]: "rejected"})


def test_without_posts_one_can_still_read_and_comment(system: System) -> None:
    post = system.post("written before")
    system.eventually(lambda: system.shown(post) is not None, True)
    system.stop("posts")
    hello = system.comment(post, "hello")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved"})
    system.start("posts")
    after = system.post("written after")
    system.eventually(lambda: system.shown(after) is not None, True)


def test_without_comments_one_can_still_post_and_read(system: System) -> None:
    before = system.post("written before")
    system.comment(before, "hello")
    system.stop("comments")
    post = system.post("no comment")
    system.eventually(lambda: system.shown(post) is not None, True)
    system.start("comments")
    hello = system.comment(post, "hello")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved"})
    system.eventually(lambda: set(system.statuses(before).values()), {"approved"})


def test_without_query_all_is_taken_and_query_shows_it_once_it_is_back(system: System) -> None:
    system.stop("query")
    post = system.post("nobody sees this yet")
    hello, orange = system.comment(post, "hello"), system.comment(post, "orange")
    system.eventually(lambda: {each["status"] for each in system.comments(post)}, MODERATED)
    system.start("query")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved", orange["id"]: "rejected"})


def test_without_the_frontend_the_services_go_on(system: System) -> None:
    system.stop("frontend")
    post = system.post("no page")
    hello = system.comment(post, "hello")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved"})


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_without_the_bus_all_is_taken_and_arrives_once_it_is_back(system: System, end: str) -> None:
    known = system.post("known before")
    system.eventually(lambda: system.shown(known) is not None, True)
    getattr(system, end)("eventbus")
    post = system.post("sent to nobody")
    hello, orange = system.comment(post, "hello"), system.comment(known, "orange")
    assert system.shown(post) is None
    assert system.statuses(known) == {}
    assert [each["status"] for each in system.comments(post)] == ["pending"]
    system.start("eventbus")
    system.eventually(lambda: system.statuses(post), {hello["id"]: "approved"})
    system.eventually(lambda: system.statuses(known), {orange["id"]: "rejected"})
