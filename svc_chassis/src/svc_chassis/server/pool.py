"""Threads that run Django while the event loop holds the connections."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Pool:
    """Runs calls in `threads` threads, in the order of their arrival. Daemon threads: a call that hangs must not keep
    the server from exiting."""

    def __init__(self, name: str, threads: int) -> None:
        self._name, self._threads = name, threads
        self.held = 0
        """bytes of the bodies of its requests"""
        self._calls = SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[], Any]]]()

    def start(self) -> None:
        for number in range(self._threads):
            threading.Thread(target=self._work, name=f"{self._name}-{number}", daemon=True).start()

    async def run(self, call: Callable[[], T]) -> T:
        """What `call` returns or raises. It is not begun if nobody waits any more; once begun, it is run to its end."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._calls.put((loop, done, call))
        return await done

    def _work(self) -> None:
        while True:
            loop, done, call = self._calls.get()
            if done.cancelled():
                continue
            result, error = None, None
            try:
                result = call()
            except BaseException as raised:
                error = raised
            with suppress(RuntimeError):  # the loop is closed: the server has stopped
                loop.call_soon_threadsafe(_settle, done, result, error)
            del done, call, result, error  # a large answer must not live until the next call


def _settle(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
