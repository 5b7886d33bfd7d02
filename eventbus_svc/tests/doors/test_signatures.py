"""POST /events: who may publish what, and how that is known."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from samples import comment, keys_of

from svc_chassis.events.signing import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(publish: Any, log: Any) -> Callable[..., dict[str, Any]]:
    """Publish, and expect a problem of `status` with nothing stored; the problem."""

    def _refused(status: int, body: Any, **options: Any) -> dict[str, Any]:
        response = publish(body, **options)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert log.bounds(0).end == 0
        said: dict[str, Any] = response.json()
        assert said["status"] == status
        return said

    return _refused


def test_another_services_type_is_403(refused: Any) -> None:
    said = refused(403, comment(type="CommentModerated"))

    assert said["detail"] == "CommentModerated is published by moderation, not comments."


@pytest.mark.parametrize("event", [comment(type="CommentModerated"), comment(source="/posts")], ids=["type", "source"])
def test_a_publisher_whose_event_is_403_learns_by_an_empty_batch_that_its_key_is_well(
    refused: Any, publish: Any, event: Any
) -> None:
    refused(403, [comment(), event])

    assert publish([]).status_code == 200


def test_a_publisher_whose_key_is_refused_is_refused_with_an_empty_batch_too(refused: Any) -> None:
    refused(401, [], keys=["whsec_" + "A" * 32])


def test_another_services_source_is_403(refused: Any) -> None:
    assert refused(403, comment(source="/posts"))["detail"] == "comments cannot publish as /posts."


def test_without_a_signature_it_is_401(refused: Any) -> None:
    assert "Sign this request" in refused(401, comment(), sender=None)["detail"]


def test_a_signature_with_another_services_key_is_401(refused: Any) -> None:
    refused(401, comment(), keys=keys_of("posts"))


def test_a_name_that_has_no_key_is_401(refused: Any) -> None:
    assert "no key is known" in refused(401, comment(), sender="stranger", keys=keys_of("comments"))["detail"]


def test_a_body_that_was_changed_after_it_was_signed_is_401(client: Client, log: Any) -> None:
    headers = signed(orjson.dumps(comment()), "comments", keys_of("comments"))

    response = client.post("/events", comment(), content_type="application/json", headers=headers)

    assert (response.status_code, log.bounds(0).end) == (401, 0)
    assert response["WWW-Authenticate"] == 'StandardWebhooks realm="events"'


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_a_signature_holds_for_five_minutes_of_difference_between_clocks(
    client: Client, log: Any, minutes: float, status: int
) -> None:
    from standardwebhooks import Webhook

    body, moment = orjson.dumps(comment()), datetime.now(UTC) + timedelta(minutes=minutes)
    headers = {
        "webhook-id": "comments.1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(keys_of("comments")[0]).sign("comments.1", moment, body.decode()),
    }

    assert client.post("/events", body, content_type="application/json", headers=headers).status_code == status


def test_two_keys_are_valid_during_a_rotation(publish: Any, settings: Any, log: Any) -> None:
    from svc_chassis.secrets import PeerKeys

    old, new = (f"whsec_{letter * 32}" for letter in "AB")
    settings.PEER_KEYS = PeerKeys(f"comments={old},comments={new}", None)

    for keys in ([old], [new], [old, new]):
        assert publish(comment(), keys=keys).status_code == 200
    assert publish(comment()).status_code == 401
