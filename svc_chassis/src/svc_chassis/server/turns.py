"""Limits concurrent requests: the other threads are for streams, and more writers would slow each other down."""

import threading
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from svc_chassis.server.command import THREADS


class Turns:
    """Handles THREADS requests at a time. An open stream does not count: its request ends when the stream begins."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._turns = threading.BoundedSemaphore(THREADS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self._turns:
            return self._get_response(request)
