"""Moderation hears from comments which verdicts it goes by: no news, until its own database was lost."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from contracts import CommentCreated, CommentUpdated
from svc_chassis.inbox.models import Inbox
from svc_chassis.restoring import restored
from svc_chassis.testing.plugin import Deliver, Json, Published

pytestmark = pytest.mark.django_db(transaction=True)

Write = Callable[..., CommentCreated]
ORANGE = "It contains the banned word “orange”."


def updated(
    comment: CommentCreated, verdict: int, status: str, moderator: str = "rules", reason: str | None = None
) -> CommentUpdated:
    """What comments says after it went by moderation's version `verdict`."""
    word = {"status": status, "reason": reason, "moderator": moderator, "moderation_version": verdict}
    return CommentUpdated.model_validate(comment.model_dump() | word | {"version": verdict + 1})


@pytest.fixture
def judged(client: Client, moderator: dict[str, str]) -> Callable[[], Json]:
    """The one comment that moderation knows."""

    def _judged() -> Json:
        [found] = client.get("/moderation/comments", headers=moderator).json()
        return dict(found)

    return _judged


@pytest.fixture
def decide(client: Client, moderator: dict[str, str]) -> Callable[..., Json]:
    def _decide(status: str, reason: str | None = None) -> Json:
        body = {"status": status, "reason": reason}
        path = "/moderation/comments/c1/decision"
        answer: Json = client.post(path, body, content_type="application/json", headers=moderator).json()
        return answer

    return _decide


def told(published: Published) -> list[tuple[int, str, str]]:
    said = [event["data"] for event in published()]
    return [(data["version"], data["status"], data["moderator"]) for data in said]


def test_in_normal_life_it_is_no_news(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json], decide: Callable[..., Json]
) -> None:
    orange = comment("c1", "orange")
    deliver(orange)
    decide("approved")
    before = decide("rejected", "After all, no.")

    deliver(
        updated(orange, 1, "rejected", "rules", ORANGE),
        updated(orange, 2, "approved", "moderator"),
        updated(orange, 3, "rejected", "moderator", "After all, no."),
    )

    assert judged() == before
    assert [version for version, _, _ in told(published)] == [1, 2, 3]


def test_what_was_decided_before_the_database_was_lost_is_known_again(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json], decide: Callable[..., Json]
) -> None:
    orange = comment("c1", "orange")
    deliver(
        orange,
        updated(orange, 1, "rejected", "rules", ORANGE),
        updated(orange, 2, "approved", "moderator", "A colour."),
    )

    found = judged()
    assert (found["status"], found["reason"], found["moderator"]) == ("approved", "A colour.", "moderator")
    assert (found["finding"], found["decidedAt"], found["version"]) == (ORANGE, None, 2)
    # At the version that comments goes by: no news to it, but our outbox holds it again.
    assert told(published) == [(1, "rejected", "rules"), (2, "approved", "moderator")]

    decide("rejected")
    assert told(published)[2:] == [(3, "rejected", "moderator")]


def test_a_held_comment_that_was_decided_before_is_not_held_again(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json]
) -> None:
    held = comment("c1", "see www.example.com")
    deliver(held)
    assert judged()["status"] == "pending"

    deliver(updated(held, 1, "approved", "moderator"))

    assert (judged()["status"], judged()["moderator"]) == ("approved", "moderator")
    assert told(published) == [(1, "approved", "moderator")]


@pytest.mark.parametrize("lost", [["approved"], ["rejected", "approved"], ["rejected", "approved", "approved"]])
def test_a_decision_made_before_the_lost_ones_came_back_is_told_again_so_that_it_counts(
    comment: Write,
    deliver: Deliver,
    published: Published,
    judged: Callable[[], Json],
    decide: Callable[..., Json],
    lost: list[str],
) -> None:
    hello = comment("c1", "hello")
    deliver(hello)
    decide("rejected", "Rude.")

    verdicts = [updated(hello, n, status, "moderator") for n, status in enumerate(["approved", *lost], start=1)]
    deliver(*verdicts)

    found = judged()
    assert (found["status"], found["reason"], found["moderator"]) == ("rejected", "Rude.", "moderator")
    assert told(published)[-1] == (found["version"], "rejected", "moderator")
    assert found["version"] > len(verdicts)
    assert found["decidedAt"]


def test_the_same_decision_made_twice_is_not_told_again(
    comment: Write, deliver: Deliver, published: Published, decide: Callable[..., Json]
) -> None:
    hello = comment("c1", "hello")
    deliver(hello)
    decide("rejected", "Rude.")

    deliver(updated(hello, 1, "approved"), updated(hello, 2, "rejected", "moderator", "Rude."))

    assert told(published) == [(1, "approved", "rules"), (2, "rejected", "moderator")]


@pytest.mark.parametrize("later", [["rejected"], ["rejected", "approved", "rejected"], ["approved", "rejected"]])
def test_a_decision_of_a_restored_backup_gives_way_to_the_later_ones(
    comment: Write,
    deliver: Deliver,
    published: Published,
    judged: Callable[[], Json],
    decide: Callable[..., Json],
    later: list[str],
) -> None:
    hello = comment("c1", "hello")
    deliver(hello)
    decide("approved", "Fine.")
    restored()  # all that follows was decided after the backup was made

    before = told(published)
    deliver(*(updated(hello, n, status, "moderator", f"No. {n}") for n, status in enumerate(later, start=3)))

    found = judged()
    assert (found["status"], found["reason"]) == (later[-1], f"No. {len(later) + 2}")
    assert (found["version"], found["decidedAt"]) == (len(later) + 2, None)
    assert told(published) == [*before, *((n, status, "moderator") for n, status in enumerate(later, start=3))]


def test_a_decision_made_since_the_restore_counts_though_later_ones_come_back(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json], decide: Callable[..., Json]
) -> None:
    hello = comment("c1", "hello")
    deliver(hello)
    decide("approved", "Fine.")
    restored()
    decide("rejected", "Since the restore.")

    deliver(*(updated(hello, n, "approved", "moderator", f"No. {n}") for n in (3, 4, 5)))

    found = judged()
    assert (found["status"], found["reason"], found["version"]) == ("rejected", "Since the restore.", 6)
    assert told(published)[-1] == (6, "rejected", "moderator")


def test_a_decision_made_since_the_restore_counts_though_the_history_comes_again_for_another_reason(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json], decide: Callable[..., Json]
) -> None:
    hello = comment("c1", "hello")
    deliver(hello)
    restored()
    decide("rejected", "Since the restore.")
    with transaction.atomic():
        Inbox.deliver_again()  # as after a rollback

    deliver(updated(hello, 3, "approved", "moderator", "No. 3"))

    found = judged()
    assert (found["status"], found["reason"], found["version"]) == ("rejected", "Since the restore.", 4)
    assert told(published)[-1] == (4, "rejected", "moderator")


def test_after_a_restore_the_rules_do_not_overrule_a_person_whose_decision_comes_back(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json]
) -> None:
    restored()  # the backup is older than the comment
    hello = comment("c1", "hello")

    deliver(hello, updated(hello, 1, "approved"), updated(hello, 2, "rejected", "moderator", "Rude."))

    assert (judged()["status"], judged()["reason"], judged()["version"]) == ("rejected", "Rude.", 2)
    assert told(published) == [(1, "approved", "rules"), (2, "rejected", "moderator")]


def test_an_update_before_its_creation_stands_for_both(
    comment: Write, deliver: Deliver, published: Published, judged: Callable[[], Json]
) -> None:
    hello = comment("c1", "hello")

    assert [result["status"] for result in deliver(updated(hello, 1, "rejected", "moderator", "Rude."), hello)] == [
        "applied",
        "duplicate",
    ]
    assert (judged()["status"], judged()["reason"], judged()["version"]) == ("rejected", "Rude.", 1)
    assert told(published) == [(1, "rejected", "moderator")]


def test_an_update_that_follows_no_verdict_is_no_word_of_moderations(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: dict[str, str]
) -> None:
    data = {"id": "c1", "postId": "p1", "content": "hello", "status": "approved"}
    stamp = {"specversion": "1.0", "id": "e1", "source": "/unsigned", "type": "CommentUpdated", "subject": "c1"}

    deliver({**stamp, "time": "2026-01-01T00:00:00Z", "data": data})

    assert client.get("/moderation/comments", headers=moderator).json() == []
    assert published() == []
