"""What docs/ has from the code: events.md and asyncapi.yaml of contracts and handlers, settings.md of the settings."""

from pathlib import Path

from tools.catalogue import asyncapi, page, variables

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMAND = "python3 manage_all.py catalogue"


def rendered() -> dict[str, str]:
    """The files' names and what they must say. For a process that is all services."""
    return {
        "events.md": page.rendered(COMMAND),
        "asyncapi.yaml": asyncapi.rendered(COMMAND),
        "settings.md": variables.rendered(COMMAND),
    }


def write(folder: Path = DOCS) -> None:
    for name, text in rendered().items():
        (folder / name).write_text(text)


def stale(folder: Path = DOCS) -> list[str]:
    """The names of the files that don't say what the code says."""
    return [
        name
        for name, text in rendered().items()
        if not (folder / name).is_file() or (folder / name).read_text() != text
    ]
