"""A service's connection to the event bus: what it knows of it, and how it speaks to it."""

from dataclasses import dataclass
from typing import Any

import orjson
import requests
from django.conf import settings

from svc_chassis.events.event import BATCH_TYPE, batch
from svc_chassis.events.signing import signed

TIMEOUT = (3.0, 20.0)
"""seconds to connect, to answer"""


class BusAbsent(Exception):
    """The bus can't be reached or can't serve now; `retry_after` seconds, if it said so."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class BusRefused(Exception):
    """The bus will not take this, now or later."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


class Bus:
    """One per process, shared by relay and heartbeat; each call is one request."""

    def __init__(self) -> None:
        self.log_id: str | None = None
        """The history the bus holds, as last heard; None: not heard yet."""
        self.trouble: str | None = None
        """Why the last call failed; None: it did not."""
        self._session = requests.Session()

    def publish(self, events: list[bytes]) -> bool:
        """Send encoded events. False: the bus holds another history than we thought, and stored nothing.

        Raises BusAbsent, or BusRefused where one of `events` is at fault.
        """
        assert self.log_id is not None
        answer = self._call("POST", "/events", batch(events), BATCH_TYPE, {"Log-Id": self.log_id})
        self.log_id = answer.body["logId"]
        return answer.status == 200

    def subscribe(self, subscription: dict[str, Any]) -> None:
        """The heartbeat. Raises BusAbsent or BusRefused."""
        body = orjson.dumps(subscription)
        answer = self._call("PUT", f"/subscriptions/{settings.SERVICE_NAME}", body, "application/json", {})
        self.log_id = answer.body["logId"]

    def _call(self, method: str, path: str, body: bytes, content_type: str, headers: dict[str, str]) -> Answer:
        try:
            answer = self._send(method, path, body, content_type, headers)
        except (BusAbsent, BusRefused) as error:
            self.trouble = str(error)
            raise
        self.trouble = None
        return answer

    def _send(self, method: str, path: str, body: bytes, content_type: str, headers: dict[str, str]) -> Answer:
        headers = headers | {"Content-Type": content_type}
        headers |= signed(body, settings.SERVICE_NAME, settings.EVENTS_KEYS)
        try:
            response = self._session.request(
                method,
                settings.EVENTBUS_URL + path,
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise BusAbsent(f"No event bus at {settings.EVENTBUS_URL}: {type(error).__name__}") from error
        said = _decoded(response)
        if response.status_code in (200, 412) and "logId" in said:
            return Answer(response.status_code, said)
        why = f"The event bus answered {response.status_code}: {said.get('detail', response.reason)}"
        if response.status_code in (400, 409, 413, 422):
            raise BusRefused(why)
        raise BusAbsent(why, _seconds(response.headers.get("Retry-After")))


def _decoded(response: requests.Response) -> dict[str, Any]:
    try:
        said = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdigit() else None
