"""What becomes of one run, told without Django."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of one seed."""

    seed: int
    actions: int
    faults: Counter[str]
    violations: list[str]
    trace_hash: str
    trace: list[str]
