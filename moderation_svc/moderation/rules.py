"""The moderation rules of the blog, without events and storage."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from contracts.comments import Status
from moderation.links import has_link, without_links_to
from moderation.reading import plain

RULES = "rules"
"""who decided, where no person did"""
BANNED_WORD, LINK = "banned word", "link"
"""the rules that match"""
ALLOWED_SITE = "allowed site"
"""a site that links may lead to"""


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: str | None = None
    """for the reader"""
    rule: str | None = None
    """the rule that matched, or None"""


def judge(content: str, author: str, banned_words: Iterable[str], allowed_sites: Iterable[str] = ()) -> Verdict:
    """Reject a banned word, also within another word; hold a link for a moderator; approve anything else.

    The author's name is judged like the text. A link to an allowed site is none.
    """
    written = {"It": content, "The name": author}
    read = {where: plain(text) for where, text in written.items()}
    for word in banned_words:
        for where, text in read.items():
            if reading_of(word) and reading_of(word) in text:
                return Verdict("rejected", f"{where} contains the banned word “{word.strip()}”.", BANNED_WORD)
    for where, text in written.items():
        if has_link(read[where]) and has_link(plain(without_links_to(text, allowed_sites))):
            return Verdict("pending", f"{where} contains a link, so a person decides.", LINK)
    return Verdict("approved")


@lru_cache(maxsize=4096)
def reading_of(word: str) -> str:
    """A banned word as it is compared."""
    return plain(word)
