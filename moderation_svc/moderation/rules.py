"""The moderation rules of the blog, without events and storage."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.comments import Status
from moderation.links import has_link
from moderation.reading import plain

RULES = "rules"
"""who decided, where no person did"""


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: str | None = None
    """for the reader"""
    rule: str | None = None
    """the rule that matched, or None"""


def judge(content: str, author: str, banned_words: Iterable[str]) -> Verdict:
    """Reject a banned word, also within another word; hold a link for a moderator; approve anything else.

    The author's name is judged like the text.
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
