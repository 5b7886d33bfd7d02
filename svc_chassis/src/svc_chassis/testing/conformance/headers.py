import logging
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils.regex_helper import normalize

from svc_chassis.events import signing
from svc_chassis.testing.conformance.common import is_problem

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PURGE"]
SAFE = ["GET", "HEAD", "OPTIONS"]
ACCEPT = [
    "*/*",
    "application/json",
    "text/event-stream",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "image/png",
    "application/json;q=0",
    "*/*;q=0",
    "application/vnd.x+json; version=1",
    "text/event-stream; charset=latin-1",
    "application/problem+json",
    "q=1",
    "/",
    "*",
    "*/json",
    "application/",
    ",;,=,",
    "application/json;q=nan",
    "a/b;c*=nope'x'%ff",
    '"',
    "",
    "\xe9/\xff",
    "text/x," * 1_000,
    "x" * 100_000,
]
VALUES = [
    "",
    ",,;=",
    "a b\t",
    "\xe9\xff",
    "-1",
    "\xb2",
    "nan",
    "9" * 5_000,
    "x" * 10_000,
    "v1,A  v1,\xe9 v1",
    "posts." + "x" * 300,
    "../posts.1",
    "Bearer \xe9 \xff",
    'a/b; charset=nope; d="',
    "http://[",
    'W/"',
    "for=_x;by=[::1;proto=",
]
HEADERS = [
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Log-Id",
    "Origin",
    "X-Forwarded-For",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
]
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,last-event-id",
}
OF_PYTHON = ["unpack", "codec", "ordinal", "padding", "invalid literal", "NoneType", "attribute '", "contain ASCII"]


class HeadersDoor:
    """Every URL of a service answers every method whatever the headers say, and refuses in words of its own."""

    SAMPLES: ClassVar[dict[str, str]] = {}
    """Argument in a URL → a value that its pattern takes, where that is not "1"."""
    BROKEN: ClassVar[set[str]] = set()
    """Routes that are meant to fail."""

    @pytest.fixture
    def arranged(self) -> None:
        """What must be there before; override where something must."""

    def sender(self) -> dict[str, str]:
        """The headers that let the sender in, where not everybody is."""
        return {}

    @pytest.fixture(autouse=True)
    def _arranged(self, transactional_db: None, arranged: None) -> Iterator[None]:
        logging.disable()  # thousands of requests
        yield
        logging.disable(logging.NOTSET)

    def test_djangos_deployment_checks_find_nothing(self) -> None:
        call_command("check", deploy=True, tags=["security"], fail_level="WARNING")

    def test_no_browser_guesses_a_type_or_frames_an_answer(self, client: Client) -> None:
        for path in self._paths():
            response = client.get(path, headers=self.sender())
            response.close()
            assert (response["X-Content-Type-Options"], response["X-Frame-Options"]) == ("nosniff", "DENY"), path
            assert response["Cross-Origin-Opener-Policy"] == response["Referrer-Policy"] == "same-origin", path

    @pytest.mark.parametrize("method", METHODS)
    def test_every_url_answers_every_accept(self, client: Client, method: str, settings: Any) -> None:
        for path in self._paths():
            settings.STREAMS = 1
            wanted = self._status(client, method, path, {})
            settings.STREAMS = 0  # as many are open as there may be
            for accept in ACCEPT:
                status = self._status(client, method, path, {"Accept": accept})
                assert status in (wanted, 204) or method not in SAFE, (path, accept[:100])

    @pytest.mark.parametrize("header", HEADERS)
    def test_every_url_answers_any_header(self, client: Client, header: str) -> None:
        signed = signing.signed(b"{}", "eventbus", settings.EVENTS_KEYS) if header.startswith("webhook") else {}
        for path in self._paths():
            for value in VALUES:
                for method in ("GET", "POST"):
                    self._status(client, method, path, signed | {header: value})

    @pytest.mark.parametrize("method", METHODS)
    def test_every_url_refuses_another_host_and_names_the_setting(self, client: Client, method: str) -> None:
        for path in self._paths():
            response = client.generic(method, path, headers=self.sender() | {"Host": "blog.test:3000"})
            assert response.status_code == 400, (method, path)
            if method != "HEAD":
                is_problem(response, 400)
                assert "set ALLOWED_HOSTS=blog.test " in response.json()["detail"]

    @pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:3001", "https://[::1]"])
    def test_every_url_lets_pages_of_this_machine_read_it_errors_and_streams_too(
        self, client: Client, origin: str
    ) -> None:
        for path in self._paths():
            for method in METHODS:
                response: Any = client.generic(method, path, headers=self.sender() | {"Origin": origin})
                response.close()
                assert response.headers.get("Access-Control-Allow-Origin") == origin, (method, path)
                assert "origin" in response["Vary"].lower()
            response = client.options(path, headers=PREFLIGHT | {"Origin": origin})
            assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, origin)
            allowed = response["Access-Control-Allow-Headers"].split(", ")
            assert not {"authorization", "content-type", "idempotency-key", "last-event-id"} - set(allowed)

    @pytest.mark.parametrize("origin", ["http://blog.test", "http://localhost.blog.test:3000", "null"])
    def test_no_url_lets_other_pages_read_it(self, client: Client, origin: str) -> None:
        for path in self._paths():
            for response in (
                client.get(path, headers=self.sender() | {"Origin": origin}),
                client.options(path, headers=PREFLIGHT | {"Origin": origin}),
            ):
                response.close()
                assert "Access-Control-Allow-Origin" not in response.headers, path

    def _paths(self) -> Iterator[str]:
        """One path for each URL pattern there is."""
        for pattern in get_resolver().url_patterns:
            if str(pattern.pattern) in self.BROKEN:
                continue
            [(form, arguments)] = normalize(pattern.pattern.regex.pattern)
            path = "/" + form % {name: self.SAMPLES.get(name, "1") for name in arguments}
            assert resolve(path).route == str(pattern.pattern), f"Give SAMPLES values for {arguments} of {path}."
            yield path

    def _status(self, client: Client, method: str, path: str, headers: dict[str, str]) -> int:
        response: Any = client.generic(
            method, path, b"{}", content_type="application/json", headers=self.sender() | headers
        )
        response.close()
        assert response.status_code < 500, (method, path, headers)
        if response.status_code >= 400 and method != "HEAD":
            is_problem(response, response.status_code)
            said = response.json()["detail"]
            assert not [word for word in OF_PYTHON if word in said], (method, path, headers, said)
        return int(response.status_code)
