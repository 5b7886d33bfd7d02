"""Notifies a service that its server is stopping, before the server waits for open requests."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType


def when_told(then: Callable[[], None]) -> None:
    """Call `then` at the first signal to stop; it must only set flags and notify, as it interrupts anything.

    To be called when the server imports the application. It has handlers of its own by then: they come after ours.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            _precede(number, then)


def _precede(number: signal.Signals, then: Callable[[], None]) -> None:
    before = signal.getsignal(number)

    def told(_: int, frame: FrameType | None) -> None:
        # First of all: the same signal once more must not find us in here.
        signal.signal(number, before)
        then()
        if callable(before):
            before(number, frame)
        elif before == signal.SIG_DFL:
            os.kill(os.getpid(), number)

    if before is not None:
        signal.signal(number, told)
        signal.siginterrupt(number, False)
