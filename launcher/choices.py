"""What the last `up` was asked for, so that `start` from another terminal brings back the same service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher.files import write_private
from launcher.project import DEFAULT_PORT_BASE

# Never the whole environment: it holds other programs' secrets.
REMEMBERED = re.compile(r"(BLOGBUS|EVENTBUS|EVENTS|MODERATION|MODERATOR|OPERATOR|THROTTLE|CORS|DATABASE)_")


@dataclass(frozen=True)
class Choices:
    port_base: int = DEFAULT_PORT_BASE
    reload: bool = False
    environ: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, port_base: int, reload: bool, environ: Mapping[str, str]) -> Choices:
        """Keeps of the environment what is meant for the services."""
        return cls(port_base, reload, {k: v for k, v in environ.items() if REMEMBERED.match(k)})

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
