"""Output: colours only on a terminal, and one block of progress lines that is redrawn in place; and signals."""

from __future__ import annotations

import codecs
import io
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType

from launcher.project import Interrupted

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
HUES = (36, 33, 35, 32, 34, 96, 93, 95)  # one per service, by its place in the table

FANCY = "✓✗●○│─“”—·→\u2018\u2019\u2013" + SPINNER
PLAIN = "+x*o|-\"\"-.>''-" + "|/-\\|/-\\|/"
SUBSTITUTES = dict(zip(FANCY, PLAIN, strict=True)) | {"…": "..."}


def use_any_encoding() -> None:
    """Replace characters that the terminal or pipe cannot encode, instead of failing."""
    codecs.register_error("blogbus", _substitute)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="blogbus")


def _substitute(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    return "".join(SUBSTITUTES.get(c) or ascii(c)[1:-1] for c in unknown), error.end


def is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def coloured() -> bool:
    return is_terminal() and not os.environ.get("NO_COLOR")


def paint(text: str, code: int) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if coloured() else text


def bold(text: str) -> str:
    return paint(text, 1)


def dim(text: str) -> str:
    return paint(text, 2)


def good(text: str) -> str:
    return paint(text, 32)


def bad(text: str) -> str:
    return paint(text, 31)


def caution(text: str) -> str:
    return paint(text, 33)


def hue(index: int) -> int:
    return HUES[index % len(HUES)]


def say(line: str = "") -> None:
    """One line, at once."""
    print(line, flush=True)


def done(label: str, note: str = "") -> None:
    say(f"  {good('✓')} {_pad(label, 24)}{dim(note)}".rstrip())


def warn(label: str, note: str = "") -> None:
    say(f"  {caution('!')} {_pad(label, 24)}{note}".rstrip())


def complain(what: str, cure: str = "") -> None:
    """Print an error and its cure to stderr."""
    sys.stdout.flush()
    mark = bad("✗") if sys.stderr.isatty() else "✗"
    print(f"  {mark} {what}", *([f"    {line}" for line in cure.splitlines()]), sep="\n", file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]], notes: Mapping[int, Sequence[str]] | None = None) -> None:
    """Print columns as wide as their widest cell; `notes`, by row, stand below it in the last column."""
    widths = [max(len(plain(row[i])) for row in rows) for i in range(len(rows[0]))]
    for index, row in enumerate(rows):
        say(("  " + "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True))).rstrip())
        for note in (notes or {}).get(index, ()):
            say(" " * (2 + sum(widths[:-1]) + 2 * len(widths[:-1])) + note)


def took(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


class Block:
    """Lines at the bottom of a terminal that are redrawn in place; elsewhere, nothing."""

    def __init__(self) -> None:
        self._drawn = 0
        self._frame = 0

    def draw(self, lines: Iterable[str]) -> None:
        if not is_terminal():
            return
        self.clear()
        self._frame += 1
        width = shutil.get_terminal_size().columns - 5
        spinner = paint(SPINNER[self._frame % len(SPINNER)], 36)
        for line in lines:
            say(f"  {spinner} {_cut(line, width)}")
            self._drawn += 1

    def clear(self) -> None:
        """Remove the lines, so that permanent ones can be printed."""
        if self._drawn:
            print(f"\x1b[{self._drawn}A\x1b[J", end="", flush=True)
        self._drawn = 0


def plain(text: str) -> str:
    """Without colours and cursor movements."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - len(plain(text)))


def _cut(line: str, width: int) -> str:
    return line if len(plain(line)) <= width else plain(line)[: width - 1] + "…"


class Interrupts:
    """Counts Ctrl-C, SIGTERM and SIGHUP. They are not raised, so no line of ours is interrupted halfway."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Respect nohup, but not the ignored SIGINT of a background job of a script.
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    @property
    def asked(self) -> bool:
        return self.count > 0

    @property
    def insisted(self) -> bool:
        """Whether it was asked a second time: stop waiting."""
        return self.count > 1

    def pause(self, seconds: float = 0.1) -> None:
        """Sleep in a loop. Raises Interrupted once asked to stop."""
        time.sleep(seconds)
        if self.asked:
            raise Interrupted

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
