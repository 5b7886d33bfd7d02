"""Answers that are given again until the database changes, because their view says so (`svc_chassis.web.keeping`).

Each request asks for the database's version first, so none is answered from before a commit that it could know of.
Whoever asks for what is just being made waits for it. Nothing is shared between processes.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from django.db import DatabaseError, InterfaceError, connection

from svc_chassis.server.environ import Scope
from svc_chassis.server.pool import Pool
from svc_chassis.web.keeping import RELEVANT

MOST_BYTES, MOST_PATHS = 16 * 1024 * 1024, 10_000
"""of answers, and of paths whose answers may be kept; beyond that, all are forgotten"""
EACH = 1024
"""bytes of an answer, at least"""

_RELEVANT = frozenset(name.encode() for name in RELEVANT)
_BODY = frozenset({b"content-length", b"content-type", b"transfer-encoding"})
_NONE = (b"content-length", b"0")

Key = tuple[Any, ...]
Made = Callable[[], Awaitable[Any]]
Kept = dict[Key, "asyncio.Future[Answer | None]"]


class Answer(NamedTuple):
    """A whole answer."""

    start: dict[str, Any]
    """the ASGI message"""
    body: bytes
    metric: Any = None
    """what counts it when it is given again; None: it may not be"""


class Answers:
    def __init__(self, pool: Pool) -> None:
        """`pool` asks the database where that may take long."""
        self._pool = pool
        self._paths: set[bytes] = set()
        """whose answers were seen to be kept; for others the database is not asked, and nobody waits"""
        self._version: object = None
        self._kept: Kept = {}
        self._size = 0
        # Read once: in the event loop, each request would have a connection of its own.
        self._file = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else None
        self._watching: sqlite3.Connection | None = None

    async def get(self, scope: Scope, make: Made) -> Any:
        """What `make` returns, or what it returned before."""
        key, begun = _key(scope), time.perf_counter()
        version = await self._version_now() if key and scope["raw_path"] in self._paths else None
        if key is None or version is None:
            answer = await make()
            if isinstance(answer, Answer) and answer.metric:
                if len(self._paths) >= MOST_PATHS:
                    self._paths.clear()
                self._paths.add(scope["raw_path"])
            return answer
        if version != self._version:
            self._version, self._kept, self._size = version, {}, 0
        if (known := self._kept.get(key)) and (answer := await asyncio.shield(known)):
            answer.metric.observe(time.perf_counter() - begun)
            return answer
        return await self._make(self._kept, key, make)

    async def _make(self, kept: Kept, key: Key, make: Made) -> Any:
        """`kept` is that of the version before the answer is made, which can be newer than that, but not older."""
        known = kept[key] = asyncio.get_running_loop().create_future()
        keeps = None
        try:
            answer = await make()
            keeps = answer if isinstance(answer, Answer) and answer.metric else None
        finally:
            known.set_result(keeps)
            if keeps is None:
                kept.pop(key, None)
        if keeps and kept is self._kept:
            self._size += EACH + len(str(key)) + len(keeps.body)
            if self._size > MOST_BYTES:
                self._kept, self._size = {}, 0
        return answer

    async def _version_now(self) -> object:
        """Another one after each commit; None: unknown."""
        return self._data_version() if self._file else await self._pool.run(_snapshot)

    def _data_version(self) -> object:
        """SQLite's counter of commits by others, and on this connection nothing is committed."""
        try:
            if self._watching is None and self._file:
                self._watching = sqlite3.connect(self._file, timeout=0, isolation_level=None)
            return self._watching and self._watching.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None


def _key(scope: Scope) -> Key | None:
    """Equal for requests that get the same answer if it may be kept; None: theirs is not."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    relevant = []
    for header in scope["headers"]:
        if header[0] in _BODY and tuple(header) != _NONE:
            return None
        if header[0] in _RELEVANT:
            relevant.append(tuple(header))
    return scope["method"], scope["scheme"], scope["raw_path"], scope["query_string"], *relevant


def _snapshot() -> object:
    """What a statement would see in PostgreSQL, which each commit changes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            return cursor.fetchone()[0]
    except (DatabaseError, InterfaceError):
        return None  # Django says what is wrong
    finally:
        connection.close()
