"""What becomes of one run, and what must have happened in many; without Django."""

from collections import Counter
from dataclasses import dataclass, field

LARGE = 5_000
"""actions, all runs together, from which on everything in FAULTS must have happened"""

FAULTS = {
    "requests": (
        "answer lost",
        "crash before ack",
        "crash in handler",
        "delay",
        "drop",
        "duplicate",
        "reorder",
    ),
    "processes": ("bus absent", "rollback", "second replica", "service absent", "stale replica"),
    "storage": ("database full", "database lost"),
    "clocks": ("clock jump", "clock skew"),
    "the log": ("429", "event evicted", "log full", "log trimmed", "new history by need"),
    "events": ("deadly event", "poison"),
    "operators": ("discard", "pause", "rebuild", "replay", "restore"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one seed."""

    seed: int
    actions: int
    faults: Counter[str]
    violations: list[str]
    trace_hash: str
    trace: list[str]


@dataclass
class Total:
    """What became of all seeds so far."""

    runs: int = 0
    actions: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.runs += 1
        self.actions += outcome.actions
        self.faults += outcome.faults
        if outcome.violations:
            self.failed.append(outcome)

    def missing(self) -> list[str]:
        """The faults that should have happened in so many actions, and did not."""
        if self.actions < LARGE:
            return []
        return [fault for group in FAULTS.values() for fault in group if not self.faults[fault]]
