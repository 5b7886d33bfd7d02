"""What docs/ has from the code is what the code says, and what AsyncAPI allows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tools import catalogue
from tools.catalogue.variables import variables
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


def test_every_variable_that_the_manifests_set_is_among_the_settings() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", (catalogue.DOCS / "settings.md").read_text(), re.MULTILINE))
    files = [path.read_text() for path in (ROOT / "infra/k8s").rglob("*.*") if path.suffix in (".yaml", ".env")]
    given = {name for text in files for name in re.findall(r"^\s*(?:- name: )?([A-Z]+_[A-Z_]+)\b", text, re.MULTILINE)}
    others = {"POD_NAME", "NATS_PASSWORD", "NATS_ROUTES_PASSWORD"}

    assert {"THROTTLE_WRITES", "BLOGBUS_ENV", "SERVICE_URL"} <= given
    assert given - listed - others == set()


def test_a_setting_without_a_comment_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "settings.py"
    module.write_text(
        '# How many. Default: as many as there are.\nA = env.int("A_LIMIT", 0)\n\nB = env.str("B_NAME", "b")\n'
    )

    with pytest.raises(ValueError, match=r"Say in a comment above line 4 what B_NAME is\."):
        list(variables(module))
    module.write_text(module.read_text().replace("\nB", "# A name.\nB"))
    assert list(variables(module)) == [("A_LIMIT", "as many as there are", "How many."), ("B_NAME", "`b`", "A name.")]
