"""A fresh checkout per test, of which no process outlives the test."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.terminal import Interrupts
from launcher.tests.checkout import Checkout


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    """Real signal handlers, which go again, so that Ctrl-C still ends pytest."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield Interrupts()
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def _terminal_that_may_close() -> None:
    """Under nohup, what we start would ignore the loss of its terminal, too."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    tree = Checkout(tmp_path)
    yield tree
    tree.clean_up()
