"""The commands of a document, run as they stand there, with other ports."""

import re
import shlex
from pathlib import Path

PROMPT = "$ "
OURS = re.compile(r"((?:\w+=\S+ )*)python3 manage_all\.py (.+)")


def commands_under(document: Path, heading: str) -> list[str]:
    """What a person would type, of the console blocks below a heading and above the next one."""
    section = re.split(rf"^#+ {re.escape(heading)}$", document.read_text(), flags=re.M)[1]
    section = re.split(r"^#+ ", re.sub(r"^```\n", "", section), flags=re.M)[0]
    blocks = re.findall(r"^```console\n(.*?)^```", section, re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT)]


def of_ours(command: str, port_base: int) -> tuple[dict[str, str], list[str]] | None:
    """The variables and arguments of a `manage_all.py` command, at `port_base`; None for anything else."""
    if not (found := OURS.fullmatch(command)):
        return None
    variables = dict(word.split("=", 1) for word in found[1].split())
    moved = re.sub(r"\blocalhost:(\d{4})\b", lambda port: f"localhost:{int(port[1]) - 4000 + port_base}", found[2])
    return variables, shlex.split(moved)
