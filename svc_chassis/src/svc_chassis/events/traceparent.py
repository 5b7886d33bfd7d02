"""The `traceparent` of W3C Trace Context: which span of which trace an event or a request comes from."""

import os
import re
from typing import Any

HEADER = "HTTP_TRACEPARENT"
"""its name in a request's META"""
_PARTS = r"(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
_FORMAT = re.compile(rf"(?:00-{_PARTS}|(?!00|ff)[0-9a-f]{{2}}-{_PARTS}(?:-.*)?)")


def valid(traceparent: Any) -> str | None:
    """`traceparent` as version 00 writes it; None if it is none, which is as good as not given."""
    found = _FORMAT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    if found is None:
        return None
    trace, span, flags = filter(None, found.groups())
    return f"00-{trace}-{span}-{int(flags, 16) & 1:02x}"


def child_of(parent: Any) -> str:
    """That of a new span; without a valid parent, of a new trace, which nobody records."""
    known = valid(parent)
    trace, sampled = (known[3:35], known[-2:]) if known else (os.urandom(16).hex(), "00")
    return f"00-{trace}-{os.urandom(8).hex()}-{sampled}"
