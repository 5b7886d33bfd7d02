"""Skips work whose inputs did not change: a hash beside the product, gone when the product is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamp:
    file: Path
    inputs: tuple[Path, ...]  # files, and folders with all that is in them
    more: str = ""

    @property
    def holds(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self._hash()

    def press(self) -> None:
        """Says that the product was made from the inputs as they are now."""
        self.file.write_text(self._hash())

    def _hash(self) -> str:
        digest = hashlib.sha256(self.more.encode())
        for file in _files(self.inputs):
            digest.update(f"\0{file}\0".encode() + file.read_bytes())
        return digest.hexdigest()


def _files(inputs: Iterable[Path]) -> Iterable[Path]:
    for path in inputs:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
