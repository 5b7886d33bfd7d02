"""One HTTP request to a service on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PATIENCE = 10.0  # seconds for one answer
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage  # which knows names in any case
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def call(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] = NONE,
    patience: float = PATIENCE,
) -> Answer:
    """The whole answer. Raises OSError or http.client.HTTPException if there is none."""
    # No urllib: it would ask the user's http_proxy for our own machine.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
