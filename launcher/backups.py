"""What a backup is: a folder with one file per service, and a manifest that is written last and makes it whole."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from launcher.files import write_private
from launcher.problems import Problem

MANIFEST = "manifest.json"
FORMAT = 1
PIECE = 1024 * 1024  # bytes


@dataclass(frozen=True)
class Copy:
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    made: str
    release: str  # the commit, where it is known
    services: dict[str, Copy]
    elsewhere: dict[str, str] = field(default_factory=dict)  # services whose database a server keeps

    def write(self, folder: Path) -> None:
        write_private(folder / MANIFEST, json.dumps({"format": FORMAT, **asdict(self)}, indent=2))


def begin(folder: Path) -> None:
    """An empty folder for a new backup. Raises Problem."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise Problem(f"{folder}: {error.strerror}.", "Name a folder that can be made.") from error
    if names:
        what = "holds a backup already" if MANIFEST in names else "is not empty"
        raise Problem(f"{folder} {what}.", "Name a new folder; a backup that was interrupted may be deleted.")


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def release(root: Path) -> str:
    """The commit of the checkout; empty where that is not known."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip()


def read(folder: Path) -> Manifest:
    """Raises Problem for whatever is not a whole backup."""
    try:
        said = json.loads((folder / MANIFEST).read_text())
        if said.pop("format") != FORMAT:
            raise Problem(f"The backup in {folder} was made by another release.", "Restore it with that release.")
        copies = {name: Copy(**row) for name, row in said.pop("services").items()}
        return Manifest(services=copies, **said)
    except FileNotFoundError as error:
        if any(folder.glob("*.sqlite3")):
            what = f"The backup in {folder} is not whole: it has no {MANIFEST}, which is written last."
            raise Problem(what, "Take another one; this one was interrupted.") from error
        raise Problem(f"{folder} holds no backup.", "Name the folder that `backup` wrote.") from error
    except OSError as error:
        raise Problem(f"{folder}: {error.strerror}.", "Name the folder that `backup` wrote.") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Problem(f"{folder / MANIFEST} cannot be read.", "It was changed since: take another backup.") from error


def digest(file: Path, into: Path | None, tick: Callable[[int], None]) -> Copy:
    """Size and hash of `file`, copied on the way where `into` is given; `tick` is told the bytes done."""
    seen, done = hashlib.sha256(), 0
    with file.open("rb") as source, (into or Path("/dev/null")).open("wb") as target:
        while piece := source.read(PIECE):
            seen.update(piece)
            target.write(piece)
            done += len(piece)
            tick(done)
    return Copy(done, seen.hexdigest())
