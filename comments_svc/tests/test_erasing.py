"""`manage.py erase`: an operator erases comments."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from contracts import CommentModerated
from svc_chassis.testing.plugin import Deliver, Published, wire
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, content: str, post: str = "p1", **more: Any) -> str:
    body = {"content": content, **more}
    return str(client.post(f"/posts/{post}/comments", body, content_type="application/json").json()["id"])


@pytest.mark.parametrize("which", [{"post": "p1"}, {"author": "Ada"}])
def test_every_comment_that_is_selected_is_erased_and_no_other(
    client: Client, published: Published, which: Any
) -> None:
    gone = {write(client, f"secret {number}", author="Ada") for number in range(3)}
    stays = write(client, "stays", "p2", author="Ben")

    call_command("erase", yes=True, **which)

    assert client.get("/posts/p1/comments").json() == []
    assert [comment["id"] for comment in client.get("/posts/p2/comments").json()] == [stays]
    assert {event["subject"] for event in published() if event.get("tombstone")} == gone
    assert [text for text in ("secret", "Ada") if text in everything_stored()] == []


def test_the_reason_of_a_former_verdict_goes_too_and_that_of_a_removal_stays(
    client: Client, deliver: Deliver, published: Published
) -> None:
    judged, removed = write(client, "hello"), write(client, "hello")
    verdict = {"post_id": "p1", "content": "hello", "status": "rejected", "moderator": "ann", "version": 1}
    for comment, reason, more in ((judged, "It says hello.", {}), (removed, "Rude.", {"removed": True, "content": ""})):
        its = verdict | {"id": comment, "reason": reason} | more
        deliver(wire(CommentModerated.model_validate(its)))

    for comment in (judged, removed):
        call_command("erase", comment=comment, yes=True)

    assert [event["data"]["reason"] for event in published()] == [None, "Rude."]
    assert "says hello" not in everything_stored()


def test_an_unknown_comment_is_said_and_nothing_is_erased(client: Client, published: Published) -> None:
    write(client, "stays")

    with pytest.raises(CommandError, match="There is no comment with comment 'never' here; nothing was erased"):
        call_command("erase", yes=True, comment="never")

    assert len(published()) == 1
