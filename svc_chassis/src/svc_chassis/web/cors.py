"""CORS_ALLOWED_ORIGINS: pages of which other origins may call a service. The same for all services and all answers."""

import re
from collections.abc import Iterable
from typing import Any

from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = r"https?://(([a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?\Z"
ORIGIN = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?")


def cors_settings(given: Iterable[str], local: bool) -> dict[str, Any]:
    """Locally every loopback origin, and what is given; in production only what is given.

    Raises ImproperlyConfigured for what is no origin, which would otherwise match nothing.
    """
    return {
        "CORS_ALLOWED_ORIGINS": [_origin(each) for each in given if each.strip()],
        "CORS_ALLOWED_ORIGIN_REGEXES": [LOOPBACK] if local else [],
        "CORS_ALLOW_HEADERS": [*default_headers, "cache-control", "idempotency-key", "last-event-id"],
        "CORS_EXPOSE_HEADERS": ["Link", "ETag", "Retry-After", "Log-Id", "Index-Begins"],
    }


def _origin(text: str) -> str:
    origin = text.strip().lower().removesuffix("/")
    if not ORIGIN.fullmatch(origin):
        raise ImproperlyConfigured(
            f"CORS_ALLOWED_ORIGINS has {text.strip()!r}: set it to origins such as https://blog.example:8443."
        )
    return origin
