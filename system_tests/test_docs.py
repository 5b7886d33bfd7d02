"""The documents are correct: links and file paths exist, and commands parse."""

import os
import re
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from benchmarks import __main__ as benchmarks
from launcher import cli
from launcher.make import service
from tools.simulation import __main__ as simulation

from system_tests.harness.manage import ROOT
from system_tests.harness.walk import BLOCK

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "infra").rglob("*.md")])
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
COMMAND = re.compile(r"python3 manage_all\.py((?: [^\s`|()&>#…]+)+)")
CONTINUED = re.compile(r"\\\n\s*")
NAME = re.compile(r"`([A-Za-z_][\w ]*)`")
PATH = re.compile(r"`(\.?[\w-][\w.-]*(?:/[\w.-]+)*/(?:[\w-]+\.\w+)?)`")
"""a folder with its slash, or a file below one"""
MADE = re.compile(r"\.run/|\.venv/|frontend/screenshots/|([\w-]+/)*secrets/|(\./)?node_modules/|likes_svc/")
"""paths that commands create"""
PROGRAMS = {"simulate": simulation.arguments, "bench": benchmarks.arguments}
SKIPPED = {".git", ".venv", ".run", "node_modules", "__pycache__", "dist"}


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def links(document: Path) -> Iterator[tuple[str, str]]:
    """The text and the target of each link that stays in the repository."""
    prose = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S)
    for text, target in LINK.findall(prose):
        if not re.match(r"[a-z]+:", target):
            yield text, target


@cache
def tree() -> str:
    """The paths of all files and folders of the repository, each between newlines and behind a slash."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in SKIPPED]
        here = Path(folder).relative_to(ROOT).as_posix()
        found += [f"/{here}/{name}" for name in files] + [f"/{here}/{name}/" for name in folders]
    return "\n".join(["", *found, ""])


def missing(text: str) -> list[str]:
    """The paths in backticks that no file or folder of the repository ends with."""
    walked = {path for path, _, _ in BLOCK.findall(text)}
    named = PATH.findall(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [path for path in named if path not in walked and not MADE.match(path) and f"/{path}\n" not in tree()]


def anchors(document: Path) -> set[str]:
    """The headings as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def fault(document: Path, text: str, target: str) -> str:
    """What is wrong with a link, or nothing."""
    path, _, fragment = target.partition("#")
    file = (document.parent / path).resolve() if path else document
    if not file.exists():
        return f"{target}: there is no such file"
    if line := re.fullmatch(r"L(\d+)(-L\d+)?", fragment):
        return "" if int(line[1]) <= len(file.read_text().splitlines()) else f"{target}: there is no such line"
    if fragment and fragment not in anchors(file):
        return f"{target}: there is no such heading"
    if (name := NAME.fullmatch(text)) and file.is_file() and not re.search(rf"\b{name[1]}\b", file.read_text()):
        return f"{target}: says nothing of {name[1]}"
    return ""


def accepted(parser: ArgumentParser, argv: list[str]) -> bool:
    """Whether the command and all its options are known; to the simulator and the benchmarks, their own."""
    try:
        _, rest = parser.parse_known_args(argv)
        return bool(PROGRAMS[argv[0]]()) if argv[0] in PROGRAMS else not rest
    except SystemExit as end:
        return end.code == 0  # --help


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_to_what_it_names(document: Path) -> None:
    assert [found for link in links(document) if (found := fault(document, *link))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_path_in_backticks_exists(document: Path) -> None:
    assert missing(document.read_text()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_is_one(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = document.read_text()
    table = (ROOT / "services.json").read_text()
    for made in re.findall(r"manage_all\.py new-service ([a-z]+)", text):
        table = service.with_row(table, made, 4999)  # and from then on it may be named
    (tmp_path / "services.json").write_text(table)
    schemas = tmp_path / "contracts/src/contracts/schemas"
    shutil.copytree(ROOT / schemas.relative_to(tmp_path), schemas)
    for declared in re.findall(r"^class (\w+)\(Contract, publisher=", text, re.M):
        (schemas / f"{declared}.1.json").touch()
    parser = cli.parser(tmp_path)
    for command in COMMAND.findall(CONTINUED.sub("", text)):
        argv = command.rstrip(".,;:").split()
        monkeypatch.setattr(sys, "argv", argv)
        assert accepted(parser, argv), f"python3 manage_all.py{command}"


def test_every_row_of_the_threat_model_names_its_test() -> None:
    model, _, _ = (ROOT / "docs/security.md").read_text().partition("## Remove and erase")
    rows = [line for line in model.splitlines() if line.startswith("| ")]
    headings = [line for line in rows if "| Held by |" in line]
    held = [line for line in rows if re.search(r"\[`[^`]+`\]\(\S+\) \|$", line)]
    assert len(headings) == 3
    assert [line for line in rows if line not in (*headings, *held)] == []


def test_the_test_finds_what_is_wrong() -> None:
    readme = ROOT / "README.md"
    assert fault(readme, "x", "docs/nothing.md")
    assert fault(readme, "x", "docs/architecture.md#nowhere")
    assert fault(readme, "x", "manage_all.py#L999")
    assert fault(readme, "`nothing`", "manage_all.py")
    assert not fault(readme, "`main`", "manage_all.py")
    assert missing("`eventbus/no_such.py`, `no_such/` and [`x/gone.md`](README.md)") == [
        "eventbus/no_such.py",
        "no_such/",
        "x/gone.md",
    ]
    assert missing("`eventbus/urls.py`, `docs/adr/`, `application/json`, `/readyz`, `POST /events`") == []
    assert COMMAND.findall("`python3 manage_all.py up --detach`, $(python3 manage_all.py token operator)") == [
        " up --detach",
        " token operator",
    ]
