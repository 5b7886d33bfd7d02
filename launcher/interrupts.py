"""Signals that ask for the end are counted, not raised: no line of ours is cut in half by one."""

from __future__ import annotations

import signal
import time
from types import FrameType

from launcher.problems import Interrupted


class Interrupts:
    """Counts Ctrl-C, SIGTERM and a closed terminal from its making on."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup's wish to outlive the terminal is kept; that a script's `&` ignores SIGINT is nobody's wish.
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    @property
    def asked(self) -> bool:
        return self.count > 0

    @property
    def insisted(self) -> bool:
        """A second time: no more waiting."""
        return self.count > 1

    def pause(self, seconds: float = 0.1) -> None:
        """Waits a moment inside any loop; raises once somebody has asked for the end."""
        time.sleep(seconds)
        if self.asked:
            raise Interrupted

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
