"""Reduces a text to what a reader sees, for the rules."""

import re
from unicodedata import category, combining, normalize

from svc_chassis.web.text import EMPTY, IGNORABLE

CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
FREE_MARK = re.compile("[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""marks that can combine with any letter, from Unicode's blocks of combining marks"""


def plain(text: str) -> str:
    """`text` without case, compatibility forms, marks and invisible characters. Look-alikes of other scripts stay.

    A mark that forms another letter stays in the scripts that use it, as in й, が or का; on a Latin letter, none stays.
    """
    decomposed = normalize("NFKD", normalize("NFKD", _seen(text)).casefold())
    return FREE_MARK.sub("", normalize("NFC", _without_marks(_seen(decomposed)))).strip()


LONGEST_NAME = 100
"""characters of a name by which an author's comments are found"""


def author_key(author: str) -> str:
    """What the spellings of one name have in common."""
    return plain(author)[:LONGEST_NAME]


def searchable(content: str, author: str) -> tuple[str, str]:
    """What a search looks through, which is empty if there is no text, and the author's key."""
    name = plain(author)
    return f"{plain(content)}\n{name}".strip(), name[:LONGEST_NAME]


def _seen(text: str) -> str:
    return CONTROL.sub("", EMPTY.sub("", IGNORABLE.sub("", text)))


def _without_marks(decomposed: str) -> str:
    """Without marks on ASCII characters, and without strokes through any character."""
    kept, base = [], ""
    for character in decomposed:
        if category(character)[0] != "M":
            base = character
        elif base.isascii() or combining(character) == 1:
            continue
        kept.append(character)
    return "".join(kept)
