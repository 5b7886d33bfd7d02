"""Sends hostile requests and judges the answers, without asking the services' own code what is right."""

import base64
import hmac
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from jsonschema import Draft202012Validator

from contracts import BY_TYPE
from system_tests.harness.system import System
from system_tests.hostile.doors import loosened, role_of
from system_tests.hostile.inputs import Input

PATIENCE = 20.0
"""seconds for an answer, below the server's deadline for a request"""
BUS = "eventbus"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
PAYLOADS = {
    name: Draft202012Validator(loosened(contract.model_json_schema(by_alias=True)))
    for name, contract in BY_TYPE.items()
}


@dataclass
class Tally:
    """What came of the inputs."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Answers that must not be, each with its input."""
    doors: set[str] = field(default_factory=set)

    @property
    def tried(self) -> int:
        return self.statuses.total()

    def merge(self, other: "Tally") -> None:
        self.statuses += other.statuses
        self.wrong += other.wrong
        self.doors |= other.doors


class Attacker:
    """One client, which tries one input after another and keeps the tally."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.tally = Tally()

    def try_out(self, found: Input) -> None:
        status, headers, body = self._sent(found)
        self.tally.statuses[status] += 1
        self.tally.doors.add(str(found.door))
        for why in _wrongs(found, status, headers, body):
            self.tally.wrong.append(f"{why}: {status} {body[:200]!r} to {_shown(found)}")

    def _sent(self, found: Input) -> tuple[int, dict[str, str], bytes]:
        """Status (0: the connection ended without an answer), headers and the beginning of the body."""
        headers = {"Host": "localhost", "Connection": "close", "Content-Length": str(len(found.body))}
        if found.has_token:
            headers |= self._system.bearer("moderator" if found.door.role == "moderator" else "operator")
        if found.signer:
            headers |= _signature(self._system, found)
        head = "".join(f"{name}: {value}\r\n" for name, value in (headers | found.headers).items())
        data = f"{found.method} {found.target} HTTP/1.1\r\n{head}\r\n".encode("latin-1", "replace") + found.body
        port = self._system.manage.services[found.door.service].port
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            with suppress(ConnectionError):  # refused before all was sent
                connection.sendall(data)
            return _answer(connection)


def _signature(system: System, found: Input) -> dict[str, str]:
    """By hand: a library would take no body that is not UTF-8."""
    # The bus signs with the key of the service that it sends to.
    key = system.run_dir / "secrets" / f"events-{found.door.service if found.signer == BUS else found.signer}"
    if not key.is_file():
        key = key.with_name("events-posts")
    webhook_id, moment = f"{found.signer}.{uuid4()}", str(int(time.time()))
    secret = base64.b64decode(key.read_text().split()[0].removeprefix("whsec_"))
    made = hmac.digest(secret, f"{webhook_id}.{moment}.".encode() + found.body, "sha256")
    signature = f"v1,{base64.b64encode(made).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": moment, "webhook-signature": signature}


def _answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    data = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65536):
            data += piece
            head, separator, body = data.partition(b"\r\n\r\n")
            if separator and head.split()[1:2] == [b"100"]:
                data = body
            elif separator and len(body) > 20_000:
                break  # enough to judge
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return 0, {}, data
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body


def _wrongs(found: Input, status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    if status == 0:
        yield "no answer"
    if status >= 500 and not (status == 501 and "Transfer-Encoding" in found.headers):
        yield "a failure of the server"
    if status >= 400 and found.method != "HEAD" and headers.get("content-type") != "application/problem+json":
        yield "a refusal that is no problem+json"
    if "server" in headers or b"Traceback" in body:
        yield "an answer that tells too much"
    if 200 <= status < 300 and found.method in WRITES:
        if not _is_let_in(found):
            yield "somebody was let in"
        elif found.door.body and found.method == found.door.method and not _is_sound(found):
            yield "a bad body was taken"


def _is_let_in(found: Input) -> bool:
    path = unquote(found.target.partition("?")[0])
    role = role_of(path)
    if role == "signature":
        is_own = found.door.service == BUS or found.signer == BUS
        if path.startswith("/subscriptions/"):
            is_own = path.endswith(f"/{found.signer}")
        return bool(found.signer) and is_own and not any(name.startswith("webhook") for name in found.headers)
    return not role or (found.has_token and "Authorization" not in found.headers)


def _is_sound(found: Input) -> bool:
    """As for JSON, types and required fields."""
    body = found.body[: int(found.headers.get("Content-Length", len(found.body)))]
    try:
        value = json.loads(body.decode() or "{}", parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    if found.door.path == "/events":
        return all(_is_event(each) for each in (value if isinstance(value, list) else [value]))
    return found.door.body is None or found.door.body.is_valid(value)


def _is_event(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("specversion") != "1.0" or not isinstance(value.get("data"), dict):
        return False
    texts = all(isinstance(value.get(name), str) and value[name] for name in ("id", "source", "type", "time"))
    payload = PAYLOADS.get(str(value.get("type")))
    return texts and (payload is None or payload.is_valid(value["data"]))


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shown(found: Input) -> str:
    more = f" signed by {found.signer}" if found.signer else " with the token" if found.has_token else ""
    headers = {name: value[:80] for name, value in found.headers.items()}
    return f"{found.method} {found.target[:200]} at {found.door.service}{more} {headers} {found.body[:300]!r}"
