"""Comments through its HTTP door, with nothing else running."""

import uuid
from typing import Any

import pytest
from django.test import Client

from contracts import CommentModerated
from contracts.comments import Status
from svc_chassis.restoring import restored
from svc_chassis.testing.conformance.ids import WELL_FORMED
from svc_chassis.testing.plugin import Deliver, Json, Published, Statements, wire

pytestmark = pytest.mark.django_db(transaction=True)

POST_ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
POST = f"/posts/{POST_ID}/comments"


def write(client: Client, content: str = "hello", **more: Any) -> Json:
    """The comment as everybody gets it once it is approved."""
    response = client.post(POST, {"content": content, **more}, content_type="application/json")
    assert response.status_code == 201, response.content
    comment: Json = response.json()
    assert comment.pop("editToken")
    return comment


def judged(comment: Json, status: Status, version: int | None = 1, reason: str | None = None) -> CommentModerated:
    return CommentModerated(
        id=comment["id"],
        post_id=comment["postId"],
        content=comment["content"],
        status=status,
        reason=reason,
        moderator="rules",
        version=version,
    )


@pytest.mark.parametrize("post_id", WELL_FORMED)
def test_a_foreign_post_is_commented_on_by_the_id_that_its_service_gave_it(
    client: Client, published: Published, post_id: str
) -> None:
    path = f"/posts/{post_id}/comments"
    comment = client.post(path, {"content": "hello"}, content_type="application/json").json()
    del comment["editToken"]

    assert comment["postId"] == published()[0]["data"]["postId"] == post_id
    assert client.get(path).json() == [comment | {"content": None, "author": None}]


def test_a_written_comment_is_answered_whole_and_its_event_waits_in_the_outbox(
    client: Client, published: Published
) -> None:
    comment = write(client, "hello", author="Ada")

    assert comment == {
        "id": comment["id"],
        "postId": POST_ID,
        "content": "hello",
        "author": "Ada",
        "status": "pending",
        "reason": None,
        "createdAt": comment["createdAt"],
        "version": 1,
    }
    [event] = published()
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/comments",
        "type": "CommentCreated",
        "subject": comment["id"],
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/CommentCreated/1",
        "correlationid": event["correlationid"],
        "traceparent": event["traceparent"],
        "data": {key: value for key, value in comment.items() if key != "reason"},
    }


def test_a_comment_needs_no_author_and_is_trimmed(client: Client) -> None:
    comment = write(client, "  hello\n", status="approved", id="mine")

    assert (comment["content"], comment["author"], comment["status"]) == ("hello", "", "pending")
    assert uuid.UUID(comment["id"])


def test_a_comment_has_lines_and_a_name_that_shows_nothing_is_none(client: Client) -> None:
    comment = write(client, "one\n\ntwo\u2028three", author="\u200b\u3164")

    assert (comment["content"], comment["author"]) == ("one\n\ntwo\u2028three", "")


def test_the_longest_comment_is_taken_whatever_it_is_written_in(client: Client, published: Published) -> None:
    comment = write(client, "x" + "\x01" * 1999, author="😀" * 80)

    assert published()[0]["data"]["content"] == comment["content"] == "x" + "\x01" * 1999


def test_moderations_word_is_published_with_the_whole_comment_in_the_chain_of_the_first_event(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client, "an orange", author="Ada")
    created = published()[0]
    verdict = wire(judged(comment, "rejected", reason="No oranges."), correlationid=created["correlationid"])

    assert deliver(verdict) == [{"id": verdict["id"], "status": "applied"}]

    event = published()[-1]
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/comments",
        "type": "CommentUpdated",
        "subject": comment["id"],
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/CommentUpdated/1",
        "correlationid": created["correlationid"],
        "causationid": verdict["id"],
        "traceparent": event["traceparent"],
        "data": comment
        | {"status": "rejected", "reason": "No oranges.", "moderator": "rules", "moderationVersion": 1, "version": 2}
        | {"removed": False},
    }


def test_text_and_name_are_public_only_while_they_are_approved(client: Client, deliver: Deliver) -> None:
    pending, approved, rejected = (write(client, text, author="Ada") for text in ("wait", "hello", "orange"))
    deliver(judged(approved, "approved"), judged(rejected, "rejected", reason="No oranges."))

    assert client.get(POST).json() == [
        rejected | {"content": None, "author": None, "status": "rejected", "reason": "No oranges.", "version": 2},
        approved | {"content": "hello", "status": "approved", "version": 2},
        pending | {"content": None, "author": None},
    ]


def test_a_person_may_take_a_verdict_back(client: Client, deliver: Deliver, published: Published) -> None:
    comment = write(client)
    deliver(judged(comment, "approved", 1), judged(comment, "rejected", 2, "Rude."), judged(comment, "approved", 3))

    assert [(event["data"]["status"], event["data"]["version"]) for event in published()] == [
        ("pending", 1),
        ("approved", 2),
        ("rejected", 3),
        ("approved", 4),
    ]
    assert client.get(POST).json() == [comment | {"status": "approved", "version": 4}]


def test_a_repeated_verdict_changes_nothing(client: Client, deliver: Deliver, published: Published) -> None:
    verdict = wire(judged(write(client), "approved"))

    results = [*deliver(verdict, verdict), *deliver(verdict)]

    assert [result["status"] for result in results] == ["applied", "duplicate", "duplicate"]
    assert len(published()) == 2


def test_a_late_verdict_changes_nothing(client: Client, deliver: Deliver, published: Published) -> None:
    comment = write(client)

    results = deliver(judged(comment, "rejected", 2), judged(comment, "approved", 1))

    assert [result["status"] for result in results] == ["applied", "duplicate"]
    assert client.get(POST).json()[0]["status"] == "rejected"
    assert len(published()) == 2


def test_a_verdict_on_an_unknown_comment_fails_and_stops_only_that_comment(client: Client, deliver: Deliver) -> None:
    comment = write(client)
    unknown: Json = comment | {"id": str(uuid.uuid4())}
    first, second, other = (
        wire(judged(unknown, "approved", 1)),
        wire(judged(unknown, "rejected", 2)),
        judged(comment, "approved"),
    )

    failed, blocked, applied = deliver(first, second, other)

    assert failed.pop("at").count(".py:") > 0
    assert failed == {
        "id": first["id"],
        "status": "failed",
        "error": f"UnknownComment: There is no comment {unknown['id']}: "
        "it was lost in a restore, or never existed here.",
    }
    assert blocked == {"id": second["id"], "status": "blocked"}
    assert applied["status"] == "applied"


def test_a_failed_verdict_can_be_applied_later(client: Client, deliver: Deliver) -> None:
    verdict = wire(judged(write(client), "approved"))
    broken = verdict | {"data": verdict["data"] | {"status": "perhaps"}}

    assert deliver(broken)[0]["error"].startswith("ValidationError: data.status: Input should be 'pending', 'approved'")
    assert deliver(verdict)[0]["status"] == "applied"


@pytest.mark.parametrize("comment_id", ["7", "no-uuid", "x" * 255])
def test_a_verdict_on_an_id_that_is_none_of_ours_fails(deliver: Deliver, comment_id: str) -> None:
    verdict = CommentModerated(id=comment_id, post_id=POST_ID, content="hello", status="approved")

    [result] = deliver(wire(verdict, subject="s1"))

    assert (
        result["error"]
        == f"UnknownComment: There is no comment {comment_id}: it was lost in a restore, or never existed here."
    )


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("id", 7, "Input should be a valid string"),
        ("id", None, "Input should be a valid string"),
        ("postId", [], "Input should be a valid string"),
        ("content", None, "Input should be a valid string"),
        ("status", "perhaps", "Input should be 'pending', 'approved' or 'rejected'"),
        ("reason", 7, "Input should be a valid string"),
    ],
)
def test_a_verdict_that_breaks_its_contract_fails_and_says_where(
    client: Client, deliver: Deliver, published: Published, field: str, value: Any, detail: str
) -> None:
    comment = write(client)
    verdict = wire(judged(comment, "approved"))

    [result] = deliver(verdict | {"data": verdict["data"] | {field: value}})

    assert result == {
        "id": verdict["id"],
        "status": "failed",
        "error": f"ValidationError: data.{field}: {detail}",
        "at": f"data.{field}",
    }
    assert len(published()) == 1


def test_a_moderation_service_written_for_the_seed_is_understood(
    client: Client, deliver: Deliver, published: Published
) -> None:
    """It knows no version, reason or moderator; the bus stamps the envelope."""
    comment = write(client)
    said = {"id": comment["id"], "postId": POST_ID, "status": "approved", "content": "hello"}
    stamp = {"specversion": "1.0", "source": "/unsigned", "type": "CommentModerated", "subject": comment["id"]}
    time = "2026-01-01T00:00:00Z"

    results = deliver(
        {**stamp, "id": "e1", "time": time, "data": said},
        {**stamp, "id": "e2", "time": time, "data": said | {"status": "rejected"}},
    )

    assert [result["status"] for result in results] == ["applied", "applied"]
    unknown = {"moderator": "", "moderationVersion": None, "removed": False}
    assert published()[-1]["data"] == comment | {"status": "rejected", "version": 3} | unknown


def test_a_foreign_verdict_that_says_nothing_new_is_not_published_again(
    client: Client, deliver: Deliver, published: Published
) -> None:
    """A foreign bus has no ids: whatever comes twice is applied twice."""
    comment = write(client)
    for status in ("approved", "approved", "rejected", "rejected", "approved"):
        deliver(CommentModerated(id=comment["id"], post_id=POST_ID, content="hello", status=status))

    assert [event["data"]["status"] for event in published()] == ["pending", "approved", "rejected", "approved"]


def test_a_hundred_verdicts_at_once_are_published_each_in_its_own_chain(
    client: Client, deliver: Deliver, published: Published
) -> None:
    verdicts = [wire(judged(write(client, str(number)), "approved")) for number in range(100)]

    assert {result["status"] for result in deliver(*verdicts)} == {"applied"}

    updates = published()[100:]
    assert [event["causationid"] for event in updates] == [verdict["id"] for verdict in verdicts]
    assert [event["correlationid"] for event in updates] == [verdict["correlationid"] for verdict in verdicts]
    assert [event["data"]["content"] for event in updates] == [str(number) for number in range(100)]


def test_comments_are_listed_newest_first_page_by_page_and_by_post(client: Client) -> None:
    written = [write(client, str(number)) for number in range(3)]
    other = f"/posts/{uuid.uuid4()}/comments"
    client.post(other, {"content": "elsewhere"}, content_type="application/json")

    first = client.get(POST, {"limit": 2})
    second = client.get(first["Link"].partition(">")[0].lstrip("<"))

    assert [comment["id"] for comment in first.json()] == [written[2]["id"], written[1]["id"]]
    assert [comment["id"] for comment in second.json()] == [written[0]["id"]]
    assert first["Link"] == f'<{POST}?limit=2&before={written[1]["id"]}>; rel="next"'
    assert "Link" not in second


def test_after_a_restore_a_verdict_makes_a_version_above_all_that_was_published(
    client: Client, deliver: Deliver, published: Published
) -> None:
    comment = write(client)
    # The copy is of this moment. Since then comments published versions 2 and 3, and query has applied them.
    restored()

    deliver(judged(comment, "rejected", version=2))

    [created, updated] = published()
    assert created["data"]["version"] == 1
    assert updated["data"]["version"] > 3


def test_a_verdict_on_a_comment_that_is_gone_with_a_restore_fails_and_says_why(deliver: Deliver) -> None:
    gone = judged({"id": "c1", "postId": POST_ID, "content": "hello"}, "approved")

    [result] = deliver(gone)

    assert result["status"] == "failed"
    assert result["error"].endswith("There is no comment c1: it was lost in a restore, or never existed here.")


@pytest.mark.django_db(transaction=True)
def test_a_write_is_two_statements_and_their_transaction(client: Client, statements: Statements) -> None:
    assert statements(lambda: write(client)) == [
        "BEGIN",
        "INSERT comments_comment",
        "INSERT outbox_outboxevent",
        "COMMIT",
    ]
