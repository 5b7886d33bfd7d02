"""What is on the wire means the same to pydantic and to anyone with the golden files."""

from datetime import datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from contracts import ALL, BY_TYPE
from contracts.schemas import file_of
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import Violation, example, parse

Json = dict[str, Any]

POST: Json = {"id": "p1", "title": "Hi", "body": "there", "author": "Ada", "createdAt": "2026-01-01T00:00:00Z"}
COMMENT: Json = {"id": "c1", "postId": "p1", "content": "hello", "author": "Ada", "status": "pending"}
CREATED = "2026-01-01T00:00:00.000000Z"

VALID: list[tuple[str, Json]] = [
    ("PostCreated", POST | {"version": 1}),
    ("CommentCreated", COMMENT | {"createdAt": CREATED, "version": 1}),
    ("CommentModerated", COMMENT | {"status": "rejected", "reason": "a banned word", "moderator": "rules"}),
    ("CommentUpdated", COMMENT | {"status": "approved", "reason": None, "createdAt": CREATED, "version": 2}),
    ("CommentModerated", COMMENT | {"status": "rejected", "content": "", "removed": True, "version": 2}),
    ("CommentUpdated", COMMENT | {"status": "rejected", "content": "", "author": "", "removed": True, "version": 3}),
    ("PostUpdated", POST | {"status": "published", "version": 2}),
    ("PostUpdated", {"id": "p1", "title": "", "status": "removed", "version": 3}),
    ("PostModerated", {"id": "p1", "status": "removed", "reason": "Advertising.", "moderator": "ann", "version": 1}),
    # What the seed's services send, and what a newer publisher may.
    ("PostCreated", {"id": "1f2e", "title": "Hi"}),
    ("CommentCreated", {"id": "c1", "postId": "p1", "content": "hello", "status": "pending"}),
    ("CommentModerated", {"id": "c1", "postId": "p1", "content": "hello", "status": "approved"}),
    ("CommentUpdated", {"id": "c1", "postId": "p1", "content": "hello", "status": "rejected"}),
    ("PostCreated", POST | {"invented": "later"}),
    ("PostCreated", POST | {"version": 2**63 - 1}),
]

INVALID: list[tuple[str, Json, str]] = [
    ("PostCreated", {"id": "p1"}, "title"),
    ("PostCreated", POST | {"title": 7}, "title"),
    ("PostCreated", POST | {"id": ""}, "id"),
    ("PostCreated", POST | {"id": "x" * 256}, "id"),
    ("PostCreated", POST | {"createdAt": "yesterday"}, "createdAt"),
    ("CommentCreated", COMMENT | {"postId": None}, "postId"),
    ("CommentModerated", COMMENT | {"status": "maybe"}, "status"),
    ("CommentUpdated", COMMENT | {"version": 0}, "version"),
    ("CommentUpdated", COMMENT | {"removed": "perhaps"}, "removed"),
    ("PostUpdated", POST | {"status": "rejected"}, "status"),
    ("PostUpdated", POST, "status"),
    ("PostModerated", {"id": "p1", "status": "published"}, "status"),
    ("CommentUpdated", COMMENT | {"version": "1"}, "version"),
    ("CommentUpdated", COMMENT | {"version": True}, "version"),
    ("CommentUpdated", COMMENT | {"version": 2**63}, "version"),
]


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def by_schema(event_type: str, data: Json) -> set[str]:
    """The keys at fault as the golden file sees it."""
    schema = orjson.loads(file_of(BY_TYPE[event_type]).read_bytes())
    found = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(data)
    return {str(error.path[0]) if error.path else error.message.split("'")[1] for error in found}


def by_contract(event_type: str, data: Json) -> set[str]:
    """The keys at fault as the contract sees it."""
    try:
        BY_TYPE[event_type].model_validate(data)
    except ValidationError as error:
        return {str(found["loc"][0]) for found in error.errors()}
    return set()


@pytest.mark.parametrize(("event_type", "data"), VALID)
def test_what_may_be_sent_holds_by_schema_and_by_contract(event_type: str, data: Json) -> None:
    assert (by_schema(event_type, data), by_contract(event_type, data)) == (set(), set())


@pytest.mark.parametrize(("event_type", "data", "key"), INVALID)
def test_what_must_not_be_sent_fails_by_schema_and_by_contract(event_type: str, data: Json, key: str) -> None:
    assert (by_schema(event_type, data), by_contract(event_type, data)) == ({key}, {key})


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.event_type())
def test_the_example_of_a_contract_shows_every_field_and_holds_by_schema(contract: type[Contract]) -> None:
    shown = example(contract)

    assert [key for key, value in shown["data"].items() if value in (None, "")] == [], "Fill every field in."
    assert by_schema(contract.event_type(), shown["data"]) == set()
    assert parse(shown)[0].model_dump(mode="json", exclude={"causationid", "traceparent", "tombstone"}) == shown


def test_a_contract_without_an_example_says_what_it_lacks() -> None:
    class PostRead(Contract, publisher="posts"):
        pass

    with pytest.raises(NotImplementedError, match="PostRead has no example: give it a classmethod example"):
        PostRead.example()


def test_an_error_does_not_quote_what_people_wrote() -> None:
    with pytest.raises(ValidationError) as caught:
        BY_TYPE["PostCreated"].model_validate({"id": "p1", "title": ["a secret"]})

    assert "a secret" not in str(caught.value)


EVENT: Json = {
    "specversion": "1.0",
    "id": "0b0b6b0e-0b5e-4f0e-9d9c-000000000001",
    "source": "/comments",
    "type": "CommentCreated",
    "subject": "c1",
    "time": CREATED,
    "datacontenttype": "application/json",
    "dataschema": "/schemas/CommentCreated/1",
    "correlationid": "0b0b6b0e-0b5e-4f0e-9d9c-000000000002",
    "causationid": "0b0b6b0e-0b5e-4f0e-9d9c-000000000003",
    "data": COMMENT | {"version": 1},
}


def test_an_event_is_read_whole_with_attributes_that_only_others_know() -> None:
    [event] = parse(EVENT | {"position": "7"})

    assert event.model_dump(mode="json") == EVENT | {"position": "7", "traceparent": None, "tombstone": False}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", None),
        ("source", "x" * 256),
        ("type", "with\nline"),
        ("subject", 7),
        ("time", "1700000000"),
        ("time", "2026-02-30T00:00:00Z"),
        ("time", "2026-01-01T00:00:00"),
        ("datacontenttype", "text/plain"),
        ("data", []),
        ("data", None),
    ],
)
def test_a_malformed_envelope_is_refused_and_the_attribute_named(attribute: str, value: Any) -> None:
    with pytest.raises(Violation) as caught:
        parse([EVENT, EVENT | {attribute: value}])

    assert [found["loc"] for found in caught.value.errors()] == [(1, attribute)]
