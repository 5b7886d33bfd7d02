"""Limits public writes per client address (`THROTTLE_WRITES`, such as 20/s); not reads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # views.py itself imports the throttles that the settings name
    from rest_framework.views import APIView


class WriteThrottle(SimpleRateThrottle):
    scope = "writes"
    timer = time.monotonic  # by the wall clock, one that is set back would shut out whoever wrote just before

    def get_rate(self) -> str | None:
        rate: str | None = settings.THROTTLE_WRITES
        return rate

    def allow_request(self, request: Request, view: APIView) -> Any:
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"writes:{self.get_ident(request)}"
