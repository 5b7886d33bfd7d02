"""Public writes are bounded per address (`THROTTLE_WRITES`, such as 20/s); reads are not."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class WriteThrottle(SimpleRateThrottle):
    scope = "writes"

    def get_rate(self) -> str | None:
        rate: str | None = settings.THROTTLE_WRITES
        return rate

    def allow_request(self, request: Request, view: APIView) -> Any:
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"writes:{self.get_ident(request)}"
