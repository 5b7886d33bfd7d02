"""What may be said here. The blog's rules, and nothing of how comments come or where verdicts go."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.comments import Status
from moderation.links import has_link
from moderation.reading import plain


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: str | None = None
    """In words for the reader."""
    rule: str | None = None
    """The rule that spoke; None: no rule objects."""


def judge(content: str, author: str, banned_words: Iterable[str]) -> Verdict:
    """A banned word rejects, wherever it stands, also inside another word; a link waits for a person.

    The name is judged as the text is.
    """
    read = {"It": plain(content), "The name": plain(author)}
    for word in banned_words:
        for where, text in read.items():
            if plain(word) and plain(word) in text:
                return Verdict("rejected", f"{where} contains the banned word “{word.strip()}”.", "banned word")
    for where, text in read.items():
        if has_link(text):
            return Verdict("pending", f"{where} contains a link, so a person decides.", "link")
    return Verdict("approved")
