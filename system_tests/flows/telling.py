"""How a story is told that is another one than expected: a line for each event, whatever became of it."""

import re
from collections.abc import Sequence
from difflib import ndiff

from svc_chassis.events.contract import Contract

HEAD = "The story is another one (- was expected, + happened):"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def told(expected: Sequence[Contract], happened: Sequence[Contract], faults: Sequence[str]) -> str:
    """`faults` say who could not do its part."""
    names: dict[str, str] = {}

    def short(text: str) -> str:
        """With a short name for each id."""
        return ID.sub(lambda found: names.setdefault(found[0], f"#{len(names) + 1}"), text)

    story = ndiff([short(_line(event)) for event in expected], [short(_line(event)) for event in happened])
    return "\n".join([HEAD, *(line.rstrip() for line in story), *map(short, faults)])


def _line(event: Contract) -> str:
    """Much as it stands in a test."""
    fields = event.model_dump(mode="json", exclude_defaults=True)
    said = ", ".join(f"{key}={value!r}" for key, value in fields.items())
    return f"{event.publisher:12}{event.event_type()}({said})"
