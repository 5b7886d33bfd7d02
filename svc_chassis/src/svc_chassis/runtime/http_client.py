"""The HTTP client: one bounded request, which returns a complete response or raises a clear error."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import requests
from requests.adapters import HTTPAdapter
from requests.utils import default_headers
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

CONNECT_WITHIN = 3.0
"""seconds"""
ANSWER_WITHIN = 20.0
"""seconds, for the whole response"""
RETRY_AFTER_MOST = 300.0
"""seconds; longer `Retry-After` values are cut to this"""
ANSWER_LIMIT = 4 * 1024 * 1024
"""bytes"""


class Unreachable(Exception):
    """The connection failed: the request was not sent."""


class NoAnswer(Exception):
    """The request was sent, but no complete response came: whether it took effect is unknown."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; empty if it is not one."""
        try:
            said = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds from the `Retry-After` header, at most RETRY_AFTER_MOST; None without one."""
        value = self.headers.get("Retry-After", "")
        return min(float(value), RETRY_AFTER_MOST) if value.isascii() and value.isdigit() else None


class Transport(Protocol):
    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises Unreachable or NoAnswer."""


class HttpTransport:
    """Over real sockets, which stay open between requests. One per thread."""

    def __init__(self) -> None:
        # No session, whose redirects, cookies and proxies nobody wants here: it takes a third of the time of a request.
        self._adapter = HTTPAdapter()
        self._asked: tuple[str, str] | None = None
        self._checked = requests.PreparedRequest()

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        deadline = time.monotonic() + ANSWER_WITHIN
        try:
            request, within = self._prepared(method, url, body, headers), (CONNECT_WITHIN, ANSWER_WITHIN)
            with self._adapter.send(request, stream=True, timeout=within) as response:
                answer = Answer(response.status_code, response.headers, _whole(response, deadline))
            if not response.ok:
                # The address may belong to another process now: the next request connects again.
                self.close()
            return answer
        except (requests.RequestException, HTTPError) as error:
            if _never_connected(error):
                raise Unreachable(f"{url}: {_reason(error)}") from error
            raise NoAnswer(f"{url}: {_reason(error)}") from error

    def close(self) -> None:
        """Close the connection; the next request opens one."""
        self._adapter.close()

    def _prepared(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> requests.PreparedRequest:
        """Most requests have the last one's URL, which is checked once. Raises RequestException where it is none."""
        if self._asked != (method, url):
            self._checked = requests.Request(method, url, headers=default_headers()).prepare()
            self._asked = (method, url)
        request = self._checked.copy()
        request.headers.update(headers)
        request.prepare_body(body, None)
        return request


def _whole(response: requests.Response, deadline: float) -> bytes:
    """The body, read in pieces, so that an endless or very slow response cannot block the caller."""
    body = bytearray()
    while piece := response.raw.read1(65536, decode_content=True):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise requests.RequestException(f"the answer is longer than {ANSWER_LIMIT} bytes")
        if time.monotonic() > deadline:
            raise requests.Timeout(f"the answer took longer than {ANSWER_WITHIN:.0f} s")
    return bytes(body)


def _never_connected(error: Exception) -> bool:
    inner = error.args[0] if error.args else None
    refused = isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
    return refused or isinstance(error, requests.ConnectTimeout)


def _reason(error: Exception) -> str:
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and inner.reason is not None:
        inner = inner.reason
    return type(inner).__name__ if isinstance(inner, Exception) else str(error)
