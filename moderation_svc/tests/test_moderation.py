"""Moderation through its HTTP door, with nothing else running."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contracts import CommentCreated
from svc_chassis.testing.plugin import Deliver, Json, Published, wire

pytestmark = pytest.mark.django_db(transaction=True)

Write = Callable[..., CommentCreated]
Headers = dict[str, str]
QUEUE, COUNTS = "/moderation/comments", "/moderation/counts"


def decide(client: Client, moderator: Headers, comment_id: str, **decision: Any) -> Json:
    path = f"/moderation/comments/{comment_id}/decision"
    response = client.post(path, decision, content_type="application/json", headers=moderator)
    assert response.status_code == 200, response.content
    judged: Json = response.json()
    return judged


def listed(client: Client, moderator: Headers, **query: Any) -> list[Json]:
    found: list[Json] = client.get(QUEUE, query, headers=moderator).json()
    return found


def test_a_harmless_comment_is_approved_in_the_chain_of_its_creation(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    created = wire(comment("c1", "hello"), correlationid="chain")

    assert deliver(created) == [{"id": created["id"], "status": "applied"}]

    [event] = published()
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/moderation",
        "type": "CommentModerated",
        "subject": "c1",
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/CommentModerated/1",
        "correlationid": "chain",
        "causationid": created["id"],
        "traceparent": event["traceparent"],
        "data": {
            "id": "c1",
            "version": 1,
            "postId": "p1",
            "content": "hello",
            "status": "approved",
            "reason": None,
            "moderator": "rules",
            "removed": False,
        },
    }


def test_a_banned_word_rejects_and_the_reason_names_it(comment: Write, deliver: Deliver, published: Published) -> None:
    deliver(comment("c1", "an Orange"))

    assert published()[0]["data"] == {
        "id": "c1",
        "version": 1,
        "postId": "p1",
        "content": "an Orange",
        "status": "rejected",
        "reason": "It contains the banned word “orange”.",
        "moderator": "rules",
        "removed": False,
    }


def test_the_banned_words_are_those_of_the_environment(
    comment: Write, deliver: Deliver, published: Published, settings: Any
) -> None:
    settings.MODERATION_BANNED_WORDS = ["pear"]
    deliver(comment("c1", "orange"), comment("c2", "pear"))

    assert [event["data"]["status"] for event in published()] == ["approved", "rejected"]


def test_a_link_waits_for_a_person_and_nothing_is_published(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    deliver(comment("c1", "see www.example.com", created_at="2026-01-01T00:00:00Z"))

    assert published() == []
    assert listed(client, moderator, status="pending") == [
        {
            "id": "c1",
            "postId": "p1",
            "content": "see www.example.com",
            "author": "Ada",
            "createdAt": "2026-01-01T00:00:00Z",
            "status": "pending",
            "reason": "It contains a link, so a person decides.",
            "rule": "link",
            "finding": "It contains a link, so a person decides.",
            "moderator": None,
            "decidedAt": None,
            "version": 0,
        }
    ]


def test_a_person_decides_and_the_first_that_is_published_is_version_1(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    deliver(comment("c1", "see www.example.com"))
    [held] = listed(client, moderator)

    judged = decide(client, moderator, "c1", status="rejected", reason=" Advertising. ")

    assert judged == held | {
        "status": "rejected",
        "reason": "Advertising.",
        "moderator": "moderator",
        "decidedAt": judged["decidedAt"],
        "version": 1,
    }
    assert judged["decidedAt"]
    assert listed(client, moderator, status="pending") == []
    assert listed(client, moderator, status="rejected") == [judged]
    assert published()[0]["data"] == {
        "id": "c1",
        "version": 1,
        "postId": "p1",
        "content": "see www.example.com",
        "status": "rejected",
        "reason": "Advertising.",
        "moderator": "moderator",
        "removed": False,
    }


def test_a_person_may_decide_anything_again(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    deliver(comment("c1", "orange"))
    decide(client, moderator, "c1", status="approved")
    decide(client, moderator, "c1", status="rejected", reason="After all, no.")
    decide(client, moderator, "c1", status="rejected", reason="")

    said = [(event["data"]["status"], event["data"]["reason"], event["data"]["version"]) for event in published()]
    assert said == [
        ("rejected", "It contains the banned word “orange”.", 1),
        ("approved", None, 2),
        ("rejected", "After all, no.", 3),
        ("rejected", None, 4),
    ]


def test_what_the_rules_said_stays_whatever_a_person_decides(
    client: Client, comment: Write, deliver: Deliver, moderator: Headers
) -> None:
    deliver(comment("c1", "orange"))
    finding = "It contains the banned word “orange”."

    for status, reason in [("approved", None), ("rejected", "After all, no.")]:
        judged = decide(client, moderator, "c1", status=status, reason=reason)
        assert (judged["rule"], judged["finding"], judged["reason"]) == ("banned word", finding, reason)


def test_the_counts_are_those_of_the_queue(
    client: Client, comment: Write, deliver: Deliver, moderator: Headers
) -> None:
    assert client.get(COUNTS, headers=moderator).json() == {"pending": 0, "approved": 0, "rejected": 0}

    deliver(*(comment(f"c{number}", text) for number, text in enumerate(["hi", "orange", "www.a", "www.b", "www.c"])))
    decide(client, moderator, "c4", status="rejected")

    assert client.get(COUNTS, headers=moderator).json() == {"pending": 2, "approved": 1, "rejected": 2}


def test_a_repeated_creation_is_judged_once(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    created = wire(comment("c1", "hello"))
    results = [*deliver(created, created), *deliver(created), *deliver(comment("c1", "hello"))]

    assert [result["status"] for result in results] == ["applied", "duplicate", "duplicate", "duplicate"]
    assert len(published()) == len(listed(client, moderator)) == 1


def test_a_creation_told_again_by_a_service_without_versions_leaves_a_persons_decision(
    client: Client, comment: Write, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    deliver(comment("c1", "orange", version=None))
    judged = decide(client, moderator, "c1", status="approved")

    assert deliver(comment("c1", "orange", version=None))[0]["status"] == "applied"

    assert listed(client, moderator) == [judged]
    assert len(published()) == 2


def test_a_batch_is_judged_comment_by_comment_each_in_its_own_chain(
    comment: Write, deliver: Deliver, published: Published
) -> None:
    texts = ["hello", "an orange", "https://example.com"]
    created = [wire(comment(f"c{number}", texts[number % 3])) for number in range(99)]

    assert {result["status"] for result in deliver(*created)} == {"applied"}

    events = published()
    judged = [event for event in created if "https" not in event["data"]["content"]]
    assert [(event["subject"], event["causationid"], event["correlationid"]) for event in events] == [
        (event["subject"], event["id"], event["correlationid"]) for event in judged
    ]
    assert [event["data"]["status"] for event in events] == ["approved", "rejected"] * 33


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("id", None, "Input should be a valid string"),
        ("content", 7, "Input should be a valid string"),
        ("postId", {}, "Input should be a valid string"),
        ("status", "held", "Input should be 'pending', 'approved' or 'rejected'"),
        ("version", 0, "Input should be greater than or equal to 1"),
        ("version", "1", "Input should be a valid integer"),
    ],
)
def test_a_creation_that_breaks_its_contract_fails_alone(
    comment: Write, deliver: Deliver, published: Published, field: str, value: Any, detail: str
) -> None:
    broken, good = wire(comment("c1")), wire(comment("c2"))
    broken["data"][field] = value

    results = deliver(broken, good)

    assert results == [
        {
            "id": broken["id"],
            "status": "failed",
            "error": f"ValidationError: data.{field}: {detail}",
            "at": f"data.{field}",
        },
        {"id": good["id"], "status": "applied"},
    ]
    assert [event["subject"] for event in published()] == ["c2"]


def test_a_comment_of_a_service_written_for_the_seed_is_judged(
    client: Client, deliver: Deliver, published: Published, moderator: Headers
) -> None:
    """It knows no author, time or version; the bus stamps the envelope."""
    data = {"id": "1f2e", "content": "hello", "postId": "abcd", "status": "pending"}
    stamp = {"specversion": "1.0", "id": "e1", "source": "/unsigned", "type": "CommentCreated", "subject": "1f2e"}

    deliver({**stamp, "time": "2026-01-01T00:00:00Z", "data": data})

    [judged] = listed(client, moderator)
    assert (judged["author"], judged["createdAt"], judged["status"]) == ("", "2026-01-01T00:00:00Z", "approved")
    assert published()[0]["data"]["version"] == 1


def test_comments_are_listed_newest_first_page_by_page_also_while_they_are_decided(
    client: Client, comment: Write, deliver: Deliver, moderator: Headers
) -> None:
    deliver(*(comment(f"c{number}", "www.example.com") for number in range(5)))
    first = client.get(QUEUE, {"status": "pending", "limit": 2}, headers=moderator)
    decide(client, moderator, "c3", status="approved")

    second = client.get(first["Link"].partition(">")[0].lstrip("<"), headers=moderator)

    assert [judged["id"] for judged in first.json()] == ["c4", "c3"]
    assert first["Link"] == f'<{QUEUE}?status=pending&limit=2&before=c3>; rel="next"'
    assert [judged["id"] for judged in second.json()] == ["c2", "c1"]
    assert [judged["id"] for judged in listed(client, moderator)] == ["c4", "c3", "c2", "c1", "c0"]
