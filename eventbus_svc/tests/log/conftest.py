"""Every log that must keep the port's promises: a new one is one more entry in LOGS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eventbus.log.memory import MemoryLog
from eventbus.log.port import Log

MIB = 1024 * 1024

LOGS: dict[str, Callable[[], Log]] = {
    "memory": lambda: MemoryLog(16 * MIB),
}
"""kind → an empty log of that kind, against the real thing"""


@pytest.fixture(params=LOGS)
def a_log(request: Any) -> Iterator[Log]:
    log = LOGS[request.param]()
    yield log
    if close := getattr(log, "close", None):
        close()
