"""PUT /subscriptions/<name>: a service's own subscription."""

from typing import Any

import pytest

from eventbus.models import Lane, Subscription

pytestmark = pytest.mark.django_db

ONE, TWO = "7b0f9b0a-5f0c-4f5e-9a53-1d9ea3aef6d1", "c0ffee00-5f0c-4f5e-9a53-1d9ea3aef6d1"


@pytest.fixture
def far(log: Any) -> Any:
    """Its lane is far: a rewind would be seen."""

    def _far() -> None:
        Lane.objects.update(log_id=log.log_id, cursor=10, epoch=5)

    return _far


def where() -> tuple[int, int]:
    lane = Lane.objects.get()
    return lane.cursor, lane.epoch


def test_the_first_registers_and_hears_which_history_there_is(heartbeat: Any, log: Any) -> None:
    response = heartbeat("query", inboxId=ONE, batchSize=7)

    assert (response.status_code, response.json()) == (200, {"logId": log.log_id})
    assert Subscription.objects.get().as_json() == {
        "url": "http://127.0.0.1:4002/events",
        "types": ["CommentCreated"],
        "batchSize": 7,
        "format": "batch",
        "catchUp": "bus",
        "inboxId": ONE,
    }
    assert where() == (0, 0)


def test_the_same_again_writes_only_when_it_was_heard(heartbeat: Any, django_assert_num_queries: Any, far: Any) -> None:
    heartbeat("query", inboxId=ONE)
    far()

    with django_assert_num_queries(4) as queries:
        assert heartbeat("query", inboxId=ONE).status_code == 200

    kinds = [query["sql"].split()[0] for query in queries.captured_queries]
    assert kinds == ["SAVEPOINT", "SELECT", "RELEASE", "UPDATE"]
    assert where() == (10, 5)


def test_a_new_type_is_added_and_rewinds(heartbeat: Any, far: Any) -> None:
    heartbeat("query", inboxId=ONE)
    far()

    heartbeat("query", inboxId=ONE, types=["PostCreated"])

    assert Subscription.objects.get().types == ["CommentCreated", "PostCreated"]
    assert where() == (0, 6)


def test_fewer_types_change_nothing(heartbeat: Any, far: Any) -> None:
    heartbeat("query", types=["CommentCreated", "PostCreated"])
    far()

    heartbeat("query", types=["PostCreated"])

    assert Subscription.objects.get().types == ["CommentCreated", "PostCreated"]
    assert where() == (10, 5)


def test_another_inbox_rewinds_once(heartbeat: Any, far: Any) -> None:
    heartbeat("query", inboxId=ONE)
    far()

    heartbeat("query", inboxId=TWO)
    heartbeat("query", inboxId=TWO)

    assert Subscription.objects.get().inbox_id == TWO
    assert where() == (0, 6)


def test_an_address_that_changed_is_taken_and_does_not_rewind(heartbeat: Any, far: Any) -> None:
    heartbeat("query", inboxId=ONE)
    far()

    heartbeat("query", inboxId=ONE, url="http://localhost:5002/events", batchSize=50)

    assert (Subscription.objects.get().url, Subscription.objects.get().batch_size) == (
        "http://localhost:5002/events",
        50,
    )
    assert where() == (10, 5)


def test_a_paused_subscription_stays_paused(heartbeat: Any) -> None:
    heartbeat("query")
    Subscription.objects.update(paused=True)

    heartbeat("query", types=["PostCreated"])

    assert Subscription.objects.get().paused


def test_another_services_name_is_403(heartbeat: Any) -> None:
    response = heartbeat("query", sender="posts")

    assert response.status_code == 403
    assert response.json()["detail"] == "posts cannot subscribe as query."
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize("unsigned_allowed", [False, True])
def test_without_a_signature_it_is_401(heartbeat: Any, settings: Any, unsigned_allowed: bool) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = unsigned_allowed

    assert heartbeat("query", sender=None).status_code == 401
    assert Subscription.objects.count() == 0
