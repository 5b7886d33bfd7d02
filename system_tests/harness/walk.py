"""A document that is followed word by word: its blocks are files, changes of files, and commands."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from system_tests.harness.copying import Copy
from system_tests.harness.manage import ROOT

BLOCK = re.compile(r"(?:^`([^`\n]+)`\n)?^```(\w+)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    language: str
    path: str
    """The file it is, or changes; empty: it is commands."""
    text: str

    def commands(self) -> list[str]:
        return [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]

    def apply(self, root: Path) -> None:
        """Write the file, or change it. Raises AssertionError where the document does not fit the file."""
        file = root / self.path
        if self.language != "diff":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text)
            return
        lines = self.text.splitlines()
        before, after = ("\n".join(line[1:] for line in lines if line[:1] != mark) for mark in "+-")
        content = f"\n{file.read_text()}"
        assert content.count(f"\n{before}\n") == 1, f"{self.path} has not exactly one place with:\n{before}"
        file.write_text(content.replace(f"\n{before}\n", f"\n{after}\n").removeprefix("\n"))


def blocks(document: str) -> Iterator[Block]:
    """In their order; a change without a path is of the same file as the one before."""
    path = ""
    for named, language, text in BLOCK.findall(document):
        path = "" if language == "console" else named or path
        assert path or language == "console", f"Of which file is this?\n{text}"
        yield Block(language, path, text)


def walk(document: Path, copy: Copy) -> None:
    """All that it says, in its order."""
    for block in blocks(document.read_text()):
        if block.path:
            block.apply(copy.root)
        for command in block.commands() if not block.path else []:
            copy.run(command)


def assert_it_fits(document: Path, folder: Path, own: tuple[str, ...]) -> None:
    """In a second: whoever changes a file that the document changes, changes the document, too.

    `own` are the beginnings of paths of what the document itself writes, or its commands make.
    """
    for block in blocks(document.read_text()):
        if block.path and not block.path.startswith(own):
            file = folder / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() and (ROOT / block.path).exists():
                shutil.copy(ROOT / block.path, file)
            block.apply(folder)
