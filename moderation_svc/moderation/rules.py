"""What may be said here. The blog's rules, and nothing of how comments come or where verdicts go."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from contracts.comments import Status

# Unicode's Default_Ignorable_Code_Point: what a reader never sees, and what would hide a word from us.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
LINK = re.compile(r"https?://|\bwww\.")


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: str | None = None
    """In words for the reader."""
    rule: str | None = None
    """The rule that spoke; None: no rule objects."""


def judge(content: str, banned_words: Iterable[str]) -> Verdict:
    """A banned word rejects, wherever it stands, also inside another word; a link waits for a person."""
    text = plain(content)
    for word in banned_words:
        if plain(word) and plain(word) in text:
            return Verdict("rejected", f"It contains the banned word “{word.strip()}”.", "banned word")
    if LINK.search(text):
        return Verdict("pending", "It contains a link, so a person decides.", "link")
    return Verdict("approved")


def plain(text: str) -> str:
    """`text` as a reader reads it: no case, no look-alike forms, nothing invisible."""
    return normalize("NFKC", INVISIBLE.sub("", normalize("NFKC", text)).casefold()).strip()
