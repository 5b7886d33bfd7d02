"""GET /bus/contracts: what each event promises, and who wants it."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import ALL

pytestmark = pytest.mark.django_db


def test_each_contract_is_there_with_its_consumers_as_subscribed_now(operator: Any, heartbeat: Any) -> None:
    heartbeat("query", types=["CommentCreated", "PostCreated"])
    heartbeat("moderation", types=["CommentCreated"])

    found = operator("get", "/bus/contracts").json()

    assert [(each["type"], each["publisher"], each["consumers"], each["version"]) for each in found] == [
        ("PostCreated", "posts", ["query"], 1),
        ("PostModerated", "moderation", [], 1),
        ("PostUpdated", "posts", [], 1),
        ("CommentCreated", "comments", ["moderation", "query"], 1),
        ("CommentModerated", "moderation", [], 1),
        ("CommentUpdated", "comments", [], 1),
    ]
    assert [each["description"] for each in found] == [contract.__doc__ for contract in ALL]


def test_its_example_is_a_whole_event_that_keeps_its_schema_and_that_the_bus_takes(operator: Any, publish: Any) -> None:
    for contract in operator("get", "/bus/contracts").json():
        example = contract["example"]
        Draft202012Validator(contract["schema"]).validate(example["data"])
        assert (example["type"], example["source"]) == (contract["type"], f"/{contract['publisher']}")
        assert publish(example, sender=contract["publisher"]).status_code == 200
