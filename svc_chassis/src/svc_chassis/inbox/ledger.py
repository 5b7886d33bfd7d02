"""What was applied before a batch of events, and during it."""

from dataclasses import dataclass, field
from typing import Literal

from svc_chassis.events.event import CloudEvent
from svc_chassis.inbox.statements import Key, Row, applied

Status = Literal["applied", "duplicate", "failed", "blocked"]


@dataclass(frozen=True)
class Result:
    """The result of one event."""

    id: str
    status: Status
    error: str | None = None
    at: str | None = None
    """where in the code it failed: files and lines, the innermost last"""

    def as_json(self) -> dict[str, str]:
        said = {"id": self.id, "status": self.status, "error": self.error, "at": self.at}
        return {name: value for name, value in said.items() if value}


@dataclass
class Ledger:
    """The inbox rows of a batch's events and subjects, updated while they are applied."""

    ids: set[Key]
    versions: dict[Key, int]
    failed: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, events: list[CloudEvent]) -> "Ledger":
        return cls(*applied(events))

    def verdict(self, event: CloudEvent) -> Result | None:
        """The result of an event that must not be applied now, None if it must."""
        if event.subject in self.failed:
            return Result(event.id, "blocked")
        version = _version(event)
        late = version is not None and version <= self.versions.get((event.source, event.subject), 0)
        if late or self.knows(event):
            return Result(event.id, "duplicate")
        return None

    def knows(self, event: CloudEvent) -> bool:
        """Whether it was applied."""
        return (event.source, event.id) in self.ids

    def note(self, event: CloudEvent) -> None:
        version = _version(event)
        self.ids.add((event.source, event.id))
        if version is not None:
            self.versions[event.source, event.subject] = version
        self.rows.append(Row(event.source, event.id, event.type, event.subject, version))

    def copy(self) -> "Ledger":
        return Ledger(set(self.ids), dict(self.versions), set(self.failed), list(self.rows))

    def become(self, other: "Ledger") -> None:
        self.ids, self.versions, self.failed, self.rows = other.ids, other.versions, other.failed, other.rows


def _version(event: CloudEvent) -> int | None:
    """The version of the event's subject; None if there is no valid one."""
    version = event.data.get("version")
    return version if type(version) is int and version > 0 else None
