"""The HTTP client: one bounded request, which returns a complete response or raises a clear error."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import certifi
import orjson
from django.db import close_old_connections
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout, connection_from_url, make_headers
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.util import Url, parse_url

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
    """Over a real socket, which stays open between requests. One per thread.

    The pool that requests has below its sessions: their cookies, redirects and proxies take half of a request's time,
    and nobody wants them here.
    """

    def __init__(self) -> None:
        self._asked: str | None = None
        """the last URL: most requests have the same one"""
        self._url, self._headers = Url(), dict[str, str]()
        self._pool: HTTPConnectionPool | None = None

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        # Else a few servers that do not answer take all connections of the pool.
        close_old_connections()
        deadline = time.monotonic() + ANSWER_WITHIN
        try:
            pool = self._pool_of(url)
            response = pool.urlopen(
                method,
                self._url.request_uri,
                body,
                {**self._headers, **headers},
                retries=False,
                redirect=False,
                timeout=Timeout(connect=CONNECT_WITHIN, read=ANSWER_WITHIN),
                preload_content=False,
            )
            with response:
                answer = Answer(response.status, response.headers, _whole(response, url, deadline))
        except LocationValueError as error:
            raise NoAnswer(str(error)) from error
        except ConnectTimeoutError as error:  # which every failure to connect is
            raise Unreachable(f"{url}: {_why(error)}") from error
        except HTTPError as error:
            raise NoAnswer(f"{url}: {_why(error)}") from error
        if not answer.ok:
            # The address may belong to another process now: the next request connects again.
            self.close()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens one."""
        if self._pool:
            self._pool.close()
        self._asked = self._pool = None

    def _pool_of(self, url: str) -> HTTPConnectionPool:
        """The connection to the server of `url`. Raises HTTPError where that is no URL."""
        if self._pool and self._asked == url:
            return self._pool
        self._url = parse_url(url)
        if self._url.scheme not in ("http", "https"):
            raise LocationValueError(f"Invalid URL: {url} begins with neither http:// nor https://.")
        if not (self._pool and self._pool.is_same_host(url)):
            self.close()
            tls = {"ca_certs": certifi.where()} if self._url.scheme == "https" else {}
            self._pool = connection_from_url(url, **tls)
        self._headers = {"User-Agent": "blogbus", **make_headers(basic_auth=self._url.auth)}
        self._asked = url
        return self._pool


def _whole(response: BaseHTTPResponse, url: str, deadline: float) -> bytes:
    """The body, read in pieces, so that an endless or very slow response cannot block the caller."""
    body = bytearray()
    while piece := response.read1(65536, decode_content=True):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise NoAnswer(f"{url}: the answer is longer than {ANSWER_LIMIT} bytes")
        if time.monotonic() > deadline:
            raise NoAnswer(f"{url}: the answer took longer than {ANSWER_WITHIN:.0f} s")
    return bytes(body)


def _why(error: HTTPError) -> str:
    """In the words of an operator."""
    cause = error.__cause__
    if isinstance(error, NameResolutionError):
        return "unknown host"
    if isinstance(error, NewConnectionError) and isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    if isinstance(error, ConnectTimeoutError):
        return f"no connection within {CONNECT_WITHIN:.0f} s"
    if isinstance(error, ReadTimeoutError):
        return f"no answer within {ANSWER_WITHIN:.0f} s"
    return f"the connection broke ({type(error).__name__})"
