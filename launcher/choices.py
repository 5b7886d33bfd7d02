"""What the last `up` was asked for, so that `start` from another terminal brings back the same service."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher.files import write_private
from launcher.project import DEFAULT_PORT_BASE


@dataclass(frozen=True)
class Choices:
    port_base: int = DEFAULT_PORT_BASE
    reload: bool = False
    environ: dict[str, str] = field(default_factory=dict)

    def save(self, run_dir: Path) -> None:
        write_private(_file(run_dir), json.dumps(asdict(self), indent=2))


def last(run_dir: Path) -> Choices | None:
    """The choices of the last `up`, or None before the first one."""
    try:
        return Choices(**json.loads(_file(run_dir).read_text()))
    except FileNotFoundError:
        return None


def _file(run_dir: Path) -> Path:
    return run_dir / "up.json"
