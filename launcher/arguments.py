"""What a command line may say: what a word may be, and for a mistyped one the word that was probably meant."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Parser(argparse.ArgumentParser):
    """Its error for an unknown option or name says which one is most like it."""

    def __init__(self, *args: Any, is_complete: bool = True, **settings: Any) -> None:
        """`is_complete`: what it does not know, nobody knows."""
        super().__init__(*args, **settings)
        self._is_complete = is_complete

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, rest = super().parse_known_args(args, namespace)
        if rest and self._is_complete:
            self.refuse(rest[0])
        return found, rest

    def refuse(self, word: str) -> None:
        """End with an error about a word that is neither an option nor its value."""
        what = f"unknown option {word}" if word.startswith("-") else f"{word!r} is one word too many"
        known = {option.lstrip("-"): option for action in self._actions for option in action.option_strings}
        close = _closest(word.partition("=")[0].lstrip("-"), known)
        self.error(f"{what}. Did you mean {known[close]}?" if close else f"{what}; --help lists all")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            names = list(map(str, action.choices))
            what = f"there is no {value!r}; choose from {', '.join(names)}{meant(value, names)}"
            raise argparse.ArgumentError(action, what)


def meant(text: str, names: Iterable[str]) -> str:
    """The name that is most like `text`, as a question, if there is one."""
    close = _closest(text, names)
    return f". Did you mean {close}?" if close else ""


def _closest(text: str, names: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(text, list(names), 1, cutoff=0.7)), "")


def whole(text: str) -> int:
    """A whole number from 1."""
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def folder(text: str) -> Path:
    return Path(text).absolute()


def one_of(names: list[str], *, replicas: bool = False) -> Callable[[str], str]:
    """One of `names`; with `replicas` also one with a number, such as query-2."""

    def known(text: str) -> str:
        name = re.sub(r"-[1-9]$", "", text) if replicas else text
        if name not in names:
            known_ones = ", ".join(names)
            raise argparse.ArgumentTypeError(f"there is no {text!r}; choose from {known_ones}{meant(name, names)}")
        return text

    return known


def list_of(names: list[str]) -> Callable[[str], list[str]]:
    """Some of `names`, with commas between."""
    known = one_of(names)
    return lambda text: [known(name) for name in text.split(",") if name]


def tuple_of(names: list[str]) -> Callable[[str], tuple[str, ...]]:
    """Some of `names`, each once, in their order there."""
    listed = list_of(names)
    return lambda text: tuple(sorted(dict.fromkeys(listed(text)), key=names.index))


def counts_of(names: list[str]) -> Callable[[str], tuple[tuple[str, int], ...]]:
    """`eventbus=3,query=2`, of services that can have replicas."""
    known = one_of([name for name in names if name != "frontend"])

    def counts(text: str) -> tuple[tuple[str, int], ...]:
        found = {}
        for part in text.split(","):
            name, _, count = part.partition("=")
            if not re.fullmatch("[1-9]", count):
                raise argparse.ArgumentTypeError(f"{part!r} is not like eventbus=3, from 1 to 9")
            found[known(name)] = int(count)
        return tuple(sorted((name, count) for name, count in found.items() if count > 1))

    return counts
