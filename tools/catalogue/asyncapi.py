"""AsyncAPI 3.0: what each service sends to the bus and receives from it."""

import json
from collections.abc import Sequence
from typing import Any

import yaml

from contracts import ALL
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import BATCH_TYPE, CloudEvent
from svc_chassis.inbox.handlers import consumers_of
from tools.catalogue.page import published
from tools.one_process import ROOT

Json = dict[str, Any]
EVENT_TYPE = "application/cloudevents+json"
ABOUT = (
    "The events by which Blogbus' services hear of each other. A service sends them to the bus, "
    f"and receives them from it, by POST /events: one ({EVENT_TYPE}) or a batch ({BATCH_TYPE}), signed as "
    "Standard Webhooks has it. Delivery is at least once, and in order per subject."
)
BUS = "eventbus"
SIGNATURE = {
    "type": "httpApiKey",
    "in": "header",
    "name": "webhook-signature",
    "description": "Standard Webhooks: `v1,…` over webhook-id, webhook-timestamp and the body.",
}


def rendered(command: str) -> str:
    # Through JSON, which knows no shared objects: YAML would write them as anchors.
    document = json.loads(json.dumps(_document()))
    return f"# Generated: {command}\n" + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _document() -> Json:
    ports = {name: row["port"] for name, row in json.loads((ROOT / "services.json").read_text()).items()}
    sent = {name: found for name in ports if (found := [contract for contract in ALL if contract.publisher == name])}
    heard = {name: found for name in ports if (found := [contract for contract in ALL if name in _consumers(contract)])}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Blogbus", "version": "1", "description": ABOUT, "license": {"name": "MIT"}},
        "defaultContentType": EVENT_TYPE,
        "servers": {name: _server(name, ports[name]) for name in (BUS, *heard)},
        "channels": {BUS: _channel(BUS, "What services send to the bus.", ALL)}
        | {name: _channel(name, f"What the bus delivers to {name}.", found) for name, found in heard.items()},
        "operations": {f"{name}.publish": _operation("send", BUS, found) for name, found in sent.items()}
        | {f"{name}.handle": _operation("receive", name, found) for name, found in heard.items()},
        "components": {
            "messages": {contract.event_type(): _message(contract) for contract in ALL},
            "schemas": {"CloudEvent": CloudEvent.model_json_schema()}
            | {contract.event_type(): contract.model_json_schema(by_alias=True) for contract in ALL},
            "securitySchemes": {"signature": SIGNATURE},
        },
    }


def _server(name: str, port: int) -> Json:
    return {
        "host": f"localhost:{port}",
        "protocol": "http",
        "description": f"{name}, as manage_all.py starts it.",
        "security": [{"$ref": "#/components/securitySchemes/signature"}],
    }


def _channel(server: str, about: str, contracts: Sequence[type[Contract]]) -> Json:
    names = [contract.event_type() for contract in contracts]
    return {
        "address": "/events",
        "description": about,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(action: str, channel: str, contracts: Sequence[type[Contract]]) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{contract.event_type()}"} for contract in contracts],
        "bindings": {"http": {"method": "POST"}},
    }


def _message(contract: type[Contract]) -> Json:
    name = contract.event_type()
    envelope = {"type": {"const": name}, "source": {"const": f"/{contract.publisher}"}}
    data = {"data": {"$ref": f"#/components/schemas/{name}"}}
    return {
        "name": name,
        "title": name,
        "summary": contract.__doc__,
        "contentType": EVENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"properties": envelope | data}]},
        "examples": [{"payload": published(contract)}],
    }


def _consumers(contract: type[Contract]) -> list[str]:
    return consumers_of(contract.event_type())
