"""The commands that a document tells, for a test that gives them."""

import re
from pathlib import Path

PROMPT = "$ "


def commands_under(document: Path, heading: str) -> list[str]:
    """What a person would type, of the console blocks below a heading and above the next one."""
    section = re.split(rf"^#+ {re.escape(heading)}$", document.read_text(), flags=re.M)[1]
    section = re.split(r"^#+ ", section, flags=re.M)[0]
    blocks = re.findall(r"^```console\n(.*?)^```", section, re.M | re.S)
    lines = re.sub(r"\\\n\s*", "", "".join(blocks)).splitlines()
    return [line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT)]
