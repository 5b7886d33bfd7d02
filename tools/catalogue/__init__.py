"""The catalogue of events: docs/events.md for people, docs/asyncapi.yaml for tools; from contracts and handlers."""

from pathlib import Path

from tools.catalogue import asyncapi, page

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMAND = "python3 manage_all.py catalogue"


def rendered() -> dict[str, str]:
    """The files' names and what they must say. For a process that is all services."""
    return {"events.md": page.rendered(COMMAND), "asyncapi.yaml": asyncapi.rendered(COMMAND)}


def write(folder: Path = DOCS) -> None:
    for name, text in rendered().items():
        (folder / name).write_text(text)


def stale(folder: Path = DOCS) -> list[str]:
    """The names of the files that don't say what contracts and handlers say."""
    return [
        name
        for name, text in rendered().items()
        if not (folder / name).is_file() or (folder / name).read_text() != text
    ]
