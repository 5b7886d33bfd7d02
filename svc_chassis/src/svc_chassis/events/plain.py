"""Plain events of services written elsewhere, `{type, data}`: they become CloudEvents on arrival."""

import uuid
from collections.abc import Callable
from typing import Any, TypeGuard

from rest_framework.exceptions import PermissionDenied, ValidationError

from svc_chassis.events.contract import Contract
from svc_chassis.events.event import CloudEvent, Violation, now
from svc_chassis.web.problems import contract_errors

ContractOf = Callable[[str], type[Contract] | None]
"""The contract that declares a type, if one is known here."""


def is_plain(body: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded body is one plain event; a CloudEvent names its `specversion`."""
    return isinstance(body, dict) and "specversion" not in body


def stamped(plain: dict[str, Any], contract_of: ContractOf) -> dict[str, Any]:
    """The CloudEvent that stands for a plain event. Raises ValidationError, which names the field.

    Its source is the contract's publisher, or `/foreign` for a type without a contract; its subject is `data.id`. Each
    arrival gets an id of its own: the same content may be a new fact (approved, rejected, approved again).
    """
    event_type, data = plain.get("type"), plain.get("data")
    if not isinstance(event_type, str) or not event_type:
        raise ValidationError({"type": "Must be the event's name."})
    if not isinstance(data, dict):
        raise ValidationError({"data": "Must be an object."})
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise ValidationError({"data.id": "Must be the id of what the event is about."})
    event_id, contract = str(uuid.uuid4()), contract_of(event_type)
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{contract.publisher if contract else 'foreign'}",
        "type": event_type,
        "subject": data["id"],
        "time": now(),
        "datacontenttype": "application/json",
        "correlationid": event_id,
        "data": data,
    }


def check_publisher(event: CloudEvent, contract: type[Contract]) -> None:
    """Raises PermissionDenied if the event comes from another service than the contract's publisher."""
    if event.source != f"/{contract.publisher}":
        claimed = event.source.removeprefix("/")
        raise PermissionDenied(f"{event.type} is published by {contract.publisher}, not {claimed}.")


def check_payload(event: CloudEvent, contract: type[Contract], where: str = "") -> None:
    """Raises ValidationError, which names the field below `where`, for a payload that breaks its contract."""
    try:
        contract.model_validate(event.data)
    except Violation as error:
        found = contract_errors(error, f"{where}data")
        raise ValidationError({field["field"]: [field["detail"]] for field in found}) from error
