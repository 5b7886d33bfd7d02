"""Which hosts ALLOWED_HOSTS lets in: cases that the page's server is tested with, too."""

from pathlib import Path
from typing import Any

import orjson

_cases: dict[str, Any] = orjson.loads(Path(__file__).with_name("hosts.json").read_bytes())

HOSTS: list[tuple[str, str, bool]] = [
    (each["given"], host, allowed)
    for each in _cases["settings"]
    for allowed, hosts in ((True, each["allowed"]), (False, each["refused"]))
    for host in hosts
]
"""(ALLOWED_HOSTS, Host, whether it is let in)"""
MALFORMED: list[str] = _cases["malformed"]
"""no host at all"""
INVALID: list[str] = _cases["invalid"]
"""values of ALLOWED_HOSTS that are refused"""
