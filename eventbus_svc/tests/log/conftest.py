"""Every log that must keep the port's promises: a new engine is one more entry in LOGS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.port import Log

MIB = 1024 * 1024

LOGS: dict[str, Callable[[Any], Log]] = {
    "memory": lambda request: MemoryLog(16 * MIB),
    "memory, 3 partitions": lambda request: MemoryLog(16 * MIB, partitions=3),
    "memory with gaps": lambda request: MemoryLog(16 * MIB, partitions=3, stride=3),
}
"""kind → an empty log of that kind, against the real thing"""


@pytest.fixture(params=LOGS)
def a_log(request: Any) -> Iterator[Log]:
    log = LOGS[request.param](request)
    yield log
    log.close()
