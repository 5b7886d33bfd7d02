"""docs/events.md: who tells what to whom, a section per event."""

from collections.abc import Iterator
from typing import Any

import orjson

from contracts import ALL
from contracts.schemas import since
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import CloudEvent, example
from svc_chassis.inbox.handlers import consumers_of

Json = dict[str, Any]
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
KINDS = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}


def rendered(command: str) -> str:
    return "\n".join(_lines(command)) + "\n"


def _lines(command: str) -> Iterator[str]:
    yield f"""# Events

The services of Blogbus know of each other only what these events say. This page is generated from the
[contracts](../contracts/src/contracts) and from the services' handlers by `{command}`; for tools there is
[asyncapi.yaml](asyncapi.yaml).

```mermaid
flowchart LR"""
    yield from _picture()
    yield """```

| Event | What happened | Published by | Handled by |
|---|---|---|---|"""
    for contract in ALL:
        name, happened = contract.event_type(), _about(contract).partition(". Subject:")[0]
        yield f"| [{name}](#{name.lower()}) | {happened}. | {contract.publisher} | {', '.join(_consumers(contract))} |"
    yield from _envelope()
    for contract in ALL:
        yield from _event(contract)


def published(contract: type[Contract]) -> Json:
    """The contract's example as a whole event with a `traceparent`, as services publish it."""
    event = example(contract)
    return event | {"traceparent": TRACEPARENT, "data": event.pop("data")}


def _picture() -> Iterator[str]:
    for contract in ALL:
        name = contract.event_type()
        yield f"    {contract.publisher}[{contract.publisher}] --> {name}([{name}])"
        for consumer in _consumers(contract):
            yield f"    {name} --> {consumer}[{consumer}]"


def _envelope() -> Iterator[str]:
    yield """
## The envelope

Every event is a [CloudEvent](https://cloudevents.io) of version 1.0 in JSON. The services send them to the bus, and the
bus delivers them, by a signed `POST /events`.

| Attribute | Type | Meaning |
|---|---|---|"""
    schema = CloudEvent.model_json_schema()
    for key, of in schema["properties"].items():
        yield f"| `{key}` | {_kind(of, key in schema['required'])} | {_meaning(of)} |"
    yield """
The bus and every service enforce the rules of CloudEvents, and require `subject` and `time`. `source` and `dataschema`
are URI-references, `datacontenttype` is any media type of JSON, and `time` is any form of RFC 3339 whose UTC value lies
in the years 1 to 9999. An attribute that is null counts as absent. Other attributes are extensions: their names consist
of a-z and 0-9, their values are strings, booleans or 32-bit integers. A payload contains no NUL."""
    yield f"\nA complete event:\n\n{_json(published(ALL[0]))}"


def _event(contract: type[Contract]) -> Iterator[str]:
    name, version = contract.event_type(), contract.schema_version
    schema, known_since = contract.model_json_schema(by_alias=True), since(contract)
    golden = f"../contracts/src/contracts/schemas/{name}.{version}.json"
    yield f"""
## {name}

{_about(contract)}

Published by {_named([contract.publisher])}, handled by {_named(_consumers(contract)) or "nobody"}. Version {version} of
its contract, also as a [JSON Schema]({golden}).

| Field | Type | Meaning | Since |
|---|---|---|---|"""
    for key, of in schema["properties"].items():
        kind = _kind(of, key in schema["required"])
        yield f"| `{key}` | {kind} | {_meaning(of)} | {known_since.get(key, version)} |"
    yield f"\nIts `data`, for example:\n\n{_json(contract.example().model_dump(mode='json', by_alias=True))}"


def _kind(of: Json, required: bool = True) -> str:
    """A JSON Schema in words."""
    if "anyOf" in of:
        return _listed([_kind(one) for one in of["anyOf"]], "or")
    if "const" in of or "enum" in of:
        kind = _listed([f"`{value}`" for value in of.get("enum", [of.get("const")])], "or")
    elif of.get("format") == "date-time":
        kind = "moment (RFC 3339)"
    elif of.get("type") == "string":
        kind = f"text of at most {of['maxLength']}" if "maxLength" in of else "text"
    elif "minimum" in of:
        kind = f"whole number from {of['minimum']}"
    else:
        kind = KINDS.get(of.get("type", ""), "anything")
    return kind if required else f"{kind}; optional"


def _named(services: list[str]) -> str:
    return _listed([f"**{service}**" for service in services], "and")


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _meaning(of: Json) -> str:
    return str(of.get("description", "")).replace("\n", " ")


def _about(contract: type[Contract]) -> str:
    return " ".join((contract.__doc__ or "").split())


def _json(value: Json) -> str:
    return f"```json\n{orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()}\n```"


def _consumers(contract: type[Contract]) -> list[str]:
    return consumers_of(contract.event_type())
