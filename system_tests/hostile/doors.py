"""Every door of a running system, read from what each service says of itself, and a sound request for each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator

from contracts import ALL
from svc_chassis.events.event import example
from system_tests.harness.http import call
from system_tests.harness.system import System

SERVICES = ("posts", "comments", "moderation", "query", "eventbus")
BATCH = "application/cloudevents-batch+json"
LOOSENED = ("minLength", "maxLength", "pattern", "format", "minimum", "maximum", "minItems", "maxItems")
"""what a service may read more generously than its schema says: it trims texts, for one"""


@dataclass(frozen=True)
class Door:
    service: str
    method: str
    path: str
    """with `{names}`"""
    parameters: tuple[str, ...]
    """in the query"""
    body: Draft202012Validator | None
    """of a JSON body, as for types and required fields; None: it takes none"""
    sample: Any
    """a body, or None"""
    role: str
    """as `role_of` says"""

    def __str__(self) -> str:
        return f"{self.method} {self.path} at {self.service}"


def doors(system: System) -> list[Door]:
    """All but streams, whose answers have no end."""
    return [door for service in SERVICES for door in _of(system, service)]


def event(random: Random, publisher: str = "") -> dict[str, Any]:
    """A sound event with an id of its own, of one service or of any."""
    contract = random.choice([each for each in ALL if each.publisher == publisher] or ALL)
    return example(contract) | {"id": str(UUID(int=random.getrandbits(128), version=4))}


def _of(system: System, service: str) -> Iterator[Door]:
    schema = call("GET", system.url(service, "/openapi.json")).json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if "text/event-stream" in json.dumps(operation):
                continue
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            wanted = loosened(body | {"components": schema["components"]}) if body else None
            queried = tuple(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
            yield Door(
                service,
                method.upper(),
                path,
                queried,
                Draft202012Validator(wanted) if wanted is not None else None,
                _sample(path, body, schema),
                role_of(path),
            )


def role_of(path: str) -> str:
    """Who may use it: "operator", "moderator", "signature", or empty, for anybody."""
    if path.startswith("/bus/"):
        return "operator"
    if path.startswith("/moderation/"):
        return "moderator"
    return "signature" if path == "/events" or path.startswith("/subscriptions/") else ""


def _sample(path: str, body: Any, schema: Any) -> Any:
    if body is None:
        return None
    if path == "/events":
        return [example(contract) for contract in ALL]
    return _value(body, schema)


def _value(wanted: Any, schema: Any) -> Any:
    """A plain value of this schema."""
    if "$ref" in wanted:
        found = schema
        for name in wanted["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return _value(found, schema)
    for many in ("oneOf", "anyOf", "allOf"):
        if many in wanted:
            return _value(wanted[many][0], schema)
    if "enum" in wanted:
        return wanted["enum"][0]
    kind = wanted.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _value(its, schema) for name, its in wanted.get("properties", {}).items()}
    plain: dict[str, Any] = {"string": "hello", "integer": 1, "number": 0.5, "boolean": False, "null": None}
    return [_value(wanted.get("items", {"type": "string"}), schema)] if kind == "array" else plain[kind]


def loosened(wanted: Any) -> Any:
    """A JSON Schema of types and required fields only."""
    if isinstance(wanted, dict):
        return {name: loosened(its) for name, its in wanted.items() if name not in LOOSENED or not _is_bound(its)}
    return [loosened(each) for each in wanted] if isinstance(wanted, list) else wanted


def _is_bound(value: Any) -> bool:
    """Whether it bounds, and is no property that has such a name."""
    return not isinstance(value, dict)
