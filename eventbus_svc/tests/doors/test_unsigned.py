"""With EVENTS_ALLOW_UNSIGNED a service written for the seed's wire format may join."""

from typing import Any

import orjson
import pytest
from samples import comment

pytestmark = pytest.mark.django_db

PLAIN = {"type": "CommentCreated", "data": {"id": "c1", "postId": "p1", "content": "hi", "status": "pending"}}


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True


def stored(log: Any) -> list[dict[str, Any]]:
    return [orjson.loads(entry.record.body) for entry in log.read(0, 0, 100).entries]


@pytest.mark.usefixtures("allowed")
def test_type_and_data_are_stamped_into_an_event(publish: Any, log: Any) -> None:
    assert publish(PLAIN, sender=None, content_type="application/json").status_code == 200

    [event] = stored(log)
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/comments",
        "type": "CommentCreated",
        "subject": "c1",
        "time": event["time"],
        "datacontenttype": "application/json",
        "correlationid": event["id"],
        "data": PLAIN["data"],
    }


@pytest.mark.usefixtures("allowed")
def test_each_is_an_event_of_its_own(publish: Any, log: Any) -> None:
    for _ in range(2):
        assert publish(PLAIN, sender=None, content_type="application/json").json()["accepted"] == 1

    assert len({event["id"] for event in stored(log)}) == 2


@pytest.mark.usefixtures("allowed")
def test_a_type_of_its_own_comes_from_a_foreign_source(publish: Any, log: Any) -> None:
    publish({"type": "PostLiked", "data": {"id": "p1"}}, sender=None)

    [event] = stored(log)
    assert (event["type"], event["source"], event["subject"]) == ("PostLiked", "/foreign", "p1")


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"data": {"id": "c1"}}, "type"),
        ({"type": "", "data": {"id": "c1"}}, "type"),
        ({"type": 7, "data": {"id": "c1"}}, "type"),
        ({"type": "x" * 256, "data": {"id": "c1"}}, "type"),
        ({"type": "PostLiked"}, "data"),
        ({"type": "PostLiked", "data": [1]}, "data"),
        ({"type": "PostLiked", "data": {}}, "data.id"),
        ({"type": "PostLiked", "data": {"id": 7}}, "data.id"),
        ({"type": "PostLiked", "data": {"id": "x" * 256}}, "subject"),
        ({"type": "PostCreated", "data": {"id": "p1"}}, "data.title"),
        ({"type": "PostCreated", "data": {"id": "p 1", "title": "hi"}}, "data.id"),
        ({"type": "CommentCreated", "data": PLAIN["data"] | {"postId": ".."}}, "data.postId"),
        ({}, "type"),
    ],
)
def test_a_malformed_one_is_400_and_the_answer_names_the_field(publish: Any, log: Any, body: Any, field: str) -> None:
    response = publish(body, sender=None)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert stored(log) == []


@pytest.mark.usefixtures("allowed")
def test_a_whole_event_needs_no_signature_either(publish: Any, log: Any) -> None:
    event = comment()

    assert publish(event, sender=None).status_code == 200
    assert stored(log) == [event]


@pytest.mark.usefixtures("allowed")
def test_a_signature_that_does_not_hold_is_401_all_the_same(publish: Any, log: Any) -> None:
    assert publish(comment(), sender="stranger", keys=["whsec_" + "A" * 32]).status_code == 401
    assert stored(log) == []


@pytest.mark.usefixtures("allowed")
def test_a_service_that_signs_sends_whole_events(publish: Any, log: Any) -> None:
    assert publish(PLAIN).status_code == 400


def test_where_it_is_not_allowed_type_and_data_are_401(publish: Any, log: Any) -> None:
    assert publish(PLAIN, sender=None).status_code == 401
    assert stored(log) == []


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("source", ["/posts", "/foreign", "comments"])
@pytest.mark.parametrize("as_batch", [False, True])
def test_a_declared_type_from_another_source_is_refused(publish: Any, log: Any, source: str, as_batch: bool) -> None:
    event = comment(source=source)

    response = publish([event] if as_batch else event, sender=None)

    assert response.status_code == 403
    assert response.json()["detail"] == f"CommentCreated is published by comments, not {source.removeprefix('/')}."
    assert stored(log) == []


@pytest.mark.usefixtures("allowed")
def test_a_type_without_a_contract_may_name_any_source(publish: Any, log: Any) -> None:
    assert publish(comment(type="PostLiked", source="/likes"), sender=None).status_code == 200
