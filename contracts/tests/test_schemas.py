"""The golden files are the promise to everyone who does not read our Python."""

from pathlib import Path

import orjson
import pytest

from contracts import ALL
from contracts.schemas import FOLDER, file_of, since, stale, write
from svc_chassis.events.contract import Contract

COMMENT = ["id", "postId", "content", "status"]
OF_THE_SEED = {"PostCreated": ["id", "title"]} | dict.fromkeys(
    ("CommentCreated", "CommentModerated", "CommentUpdated"), COMMENT
)


def test_every_contract_is_what_its_golden_file_says() -> None:
    assert stale() == [], (
        "These events no longer say what their golden schema says. Take the change back; or, if it adds optional "
        "fields only, run `python -m contracts.schemas` and commit the files; or, if it breaks a consumer, give the "
        "contract the next schema_version first, so that the old file stays."
    )


def test_a_changed_and_a_missing_schema_are_named(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []

    (tmp_path / "PostCreated.1.json").write_text("{}")
    (tmp_path / "CommentUpdated.1.json").unlink()

    assert stale(tmp_path) == ["PostCreated.1.json", "CommentUpdated.1.json"]


def test_a_field_is_as_old_as_the_first_schema_that_has_it(tmp_path: Path) -> None:
    class PostRead(Contract, publisher="posts", schema_version=3):
        pass

    for version, keys in {1: ["id", "gone"], 3: ["id", "new"]}.items():
        schema = {"properties": {key: {} for key in keys}}
        (tmp_path / f"PostRead.{version}.json").write_bytes(orjson.dumps(schema))

    assert since(PostRead, tmp_path) == {"id": 1, "gone": 1, "new": 3}


def test_there_is_one_golden_file_per_contract_and_none_of_an_event_that_is_gone() -> None:
    types = {file.name.partition(".")[0] for file in FOLDER.glob("*.json")}

    assert types == {contract.event_type() for contract in ALL}


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.event_type())
def test_the_keys_on_the_wire_are_camel_case_and_only_those_of_the_seed_are_required(contract: type[Contract]) -> None:
    schema = orjson.loads(file_of(contract).read_bytes())

    assert [key for key in schema["properties"] if not key.isalnum() or not key[0].islower()] == []
    assert schema["required"] == OF_THE_SEED.get(contract.event_type(), schema["required"])
    assert schema["$id"] == f"/schemas/{contract.event_type()}/{contract.schema_version}"


def test_the_publishers_are_those_of_the_table_of_events() -> None:
    assert {contract.event_type(): contract.publisher for contract in ALL} == {
        "PostCreated": "posts",
        "PostModerated": "moderation",
        "PostUpdated": "posts",
        "CommentCreated": "comments",
        "CommentModerated": "moderation",
        "CommentUpdated": "comments",
    }
