"""What a bad request is answered with: RFC 9457, whole."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from system_tests.harness.http import call
from system_tests.harness.system import Json, System

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Ask:
    """A request that must be refused."""

    method: str
    path: str
    body: bytes | str = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})


Cases = dict[str, tuple[Ask, Json]]
"""What is wrong, the request, and the problem it is answered with."""


def problem(status: int, detail: str, **more: Any) -> Json:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def at(**fields: str) -> Json:
    """A 400 that names each field at fault; `__` stands for a dot."""
    errors = [{"field": name.replace("__", "."), "detail": why} for name, why in fields.items()]
    return problem(400, "; ".join(f"{each['field']}: {each['detail']}" for each in errors), errors=errors)


def check(system: System, service: str, cases: Cases) -> None:
    """Each request is answered with its problem, whole."""
    answers = {what: _refusal(system, service, ask) for what, (ask, _) in cases.items()}
    assert answers == {what: wanted for what, (_, wanted) in cases.items()}


def _refusal(system: System, service: str, ask: Ask) -> Any:
    body = ask.body.encode() if isinstance(ask.body, str) else ask.body
    answer = call(ask.method, system.url(service, ask.path), data=body, headers=ask.headers)
    told = answer.json() if answer.headers.get("Content-Type") == "application/problem+json" else answer.text
    if isinstance(told, dict) and told.get("status") == answer.status_code:
        return told
    return f"{answer.status_code} {answer.headers}: {told}"
