"""A client of a stream, as a browser is one: it comes back with what it heard last, until it is closed."""

import json
import threading
from collections.abc import Mapping
from typing import Any

import requests

from system_tests.harness.http import session

AGAIN = 0.2
"""seconds until it comes back"""
SILENCE = 12.0
"""seconds without as much as a heartbeat, after which it takes the stream for dead"""


class Listener:
    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.heard: list[tuple[str, Any]] = []
        """event and data of all frames so far"""
        self.opened = 0
        """how often the stream was"""
        self._url = url
        self._headers = dict(headers or {})
        self._last: str | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join(SILENCE)

    def data(self, kind: str) -> list[Any]:
        return [data for event, data in tuple(self.heard) if event == kind]

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen()
            except requests.RequestException:
                self._closed.wait(AGAIN)

    def _listen(self) -> None:
        resume = {"Last-Event-ID": self._last} if self._last else {}
        with (
            session() as client,
            client.get(self._url, headers=self._headers | resume, stream=True, timeout=SILENCE) as answer,
        ):
            answer.raise_for_status()
            self.opened += 1
            event = ""
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if self._closed.is_set():
                    return
                name, _, value = line.partition(": ")
                if name == "id":
                    self._last = value
                elif name == "event":
                    event = value
                elif name == "data":
                    self.heard.append((event, json.loads(value)))
