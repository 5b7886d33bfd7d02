"""`manage_all.py subscribe`, `subscriptions` and `unsubscribe`, as an operator uses them."""

import json
from collections.abc import Iterator

import pytest

from system_tests.conftest import running
from system_tests.harness.system import Json, System

URL = "http://localhost:1/events"
OTHERS = ("comments", "moderation", "query", "frontend")


@pytest.fixture(scope="module")
def small() -> Iterator[System]:
    """The bus and posts, which is there to be subscribed."""
    with running({}, OTHERS) as system:
        yield system


def known(system: System, name: str) -> Json | None:
    found = json.loads(system.manage("subscriptions", "--json"))
    return next((one for one in found if one["name"] == name), None)


def test_a_service_is_subscribed_changed_and_removed(small: System) -> None:
    said = small.manage("subscribe", "mine", URL, "--types", "PostCreated, CommentCreated")
    assert f"receives PostCreated, CommentCreated at {URL}" in said
    one = known(small, "mine")
    assert one
    assert (one["url"], one["types"]) == (URL, ["CommentCreated", "PostCreated"])
    assert (one["format"], one["catchUp"]) == ("single", "bus")
    assert "mine" in small.manage("subscriptions")

    small.manage("subscribe", "mine", URL, "--types", "PostCreated", "--format", "batch", "--catch-up", "self")
    one = known(small, "mine")
    assert one
    assert (one["format"], one["types"], one["catchUp"]) == ("batch", ["PostCreated"], "self")

    assert "unsubscribed" in small.manage("unsubscribe", "mine")
    assert known(small, "mine") is None


def test_it_says_what_may_be_a_slip(small: System) -> None:
    said = small.manage("subscribe", "mine", URL, "--types", "CommentCreeted")
    assert "No contract declares CommentCreeted" in said
    assert "EVENTS_ALLOW_UNSIGNED=1" in said
    small.manage("unsubscribe", "mine")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("subscribe", "mine", "http://example.com/events", "--types", "A"), "EVENTBUS_ALLOWED_HOSTS=example.com"),
        (("subscribe", "mine", "localhost:1/events", "--types", "A"), "url: Must be an http or https URL"),
        (("subscribe", "mine", "http://[", "--types", "A"), "url: "),
        (("subscribe", "mine", URL, "--types", "x" * 256), "types"),
        (("subscribe", "mine", URL, "--types", " , "), "give at least one type"),
        (("subscribe", "Mine!", URL, "--types", "A"), "use a lower-case letter"),
        (("subscribe", "mine", URL), "--types"),
        (("unsubscribe", "nobody"), "There is no subscription nobody"),
    ],
)
def test_a_bad_order_is_refused_in_words_and_changes_nothing(
    small: System, command: tuple[str, ...], what: str
) -> None:
    with pytest.raises(AssertionError) as refused:
        small.manage(*command)
    assert what in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert known(small, "mine") is None


def test_without_a_bus_it_says_how_to_start_one(small: System) -> None:
    small.stop("eventbus")
    with pytest.raises(AssertionError, match=r"does not answer on port \d+ \(ConnectionRefusedError\)"):
        small.manage("subscriptions")
    small.start("eventbus")
