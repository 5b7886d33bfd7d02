"""docs/events.md and docs/asyncapi.yaml are what contracts and handlers say, and what AsyncAPI allows."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tools import catalogue
from tools.one_process import ROOT

from contracts import ALL
from svc_chassis.events.event import example

OFFICIAL = ROOT / "frontend" / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"


@pytest.fixture
def document() -> Any:
    return yaml.safe_load((catalogue.DOCS / "asyncapi.yaml").read_text())


def faults(schema: Any, said: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft7Validator(schema).iter_errors(said)]


def test_the_catalogue_says_what_contracts_and_handlers_say() -> None:
    assert catalogue.stale() == [], f"Run `{catalogue.COMMAND}`, and commit what it writes to docs/."


def test_a_changed_and_a_missing_file_are_named(tmp_path: Path) -> None:
    catalogue.write(tmp_path)
    assert catalogue.stale(tmp_path) == []

    (tmp_path / "events.md").write_text("# Events\n")
    (tmp_path / "asyncapi.yaml").unlink()

    assert catalogue.stale(tmp_path) == ["events.md", "asyncapi.yaml"]


@pytest.mark.skipif(not OFFICIAL.is_file(), reason="AsyncAPI's own schema is not here: npm ci in frontend/")
def test_asyncapi_yaml_is_asyncapi(document: Any) -> None:
    official = json.loads(OFFICIAL.read_text())

    assert faults(official, document) == []
    assert faults(official, document | {"operations": {"posts.publish": {"action": "shout"}}}) != []


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.event_type())
def test_each_message_takes_its_own_event_and_no_other(document: Any, contract: Any) -> None:
    message = f"#/components/messages/{contract.event_type()}/payload"
    taken = [one for one in ALL if not faults(document | {"$ref": message}, example(one))]

    assert taken == [contract]
