"""Finds what browsers and mail programs turn into a link."""

import re
from collections.abc import Iterable
from functools import lru_cache

from linkify_it.tlds import TLDS

from moderation.reading import plain

TOP = frozenset(plain(name.lower().encode().decode("idna")) for name in TLDS)
FILES = frozenset({"md", "mov", "py", "rs", "sh", "zip"})
"""Top-level domains that are more often file extensions: a domain only if a path follows or an address precedes."""
FOREIGN = "|".join(sorted((re.escape(name) for name in TOP if not name.isascii()), key=len, reverse=True))

ADDRESS = re.compile(
    r"[a-z0-9]:[/\\]{2,}[^\s/\\]"  # any scheme
    r"|(?:https?|ftps?|wss?|file):[/\\][^\s/\\]"  # what browsers mend
    r"|(?<![a-z0-9])(?:mailto|tel|sms|magnet|xmpp):\S"
    r"|(?<![\w:/\\])[/\\]{2}[\w-]+[.:/\\]\w"  # //example.com, \\server\\share
    r"|www\d*\.[^\W_]"
    r"|[^\s@]@[^\s@.]+\.[^\W\d_]{2}"  # an e-mail address
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/"
)
DOMAIN = re.compile(rf"[^\W_]\.(?:(xn--[a-z0-9-]+|[a-z]{{2,63}})(?![a-z0-9]|\.[a-z0-9])|(?:{FOREIGN})(?!\w))(/?)")


def has_link(text: str) -> bool:
    """Whether `text`, which `plain` returned, contains a link."""
    text = text.replace("。", ".")
    return bool(ADDRESS.search(text)) or any(map(_is_domain, DOMAIN.finditer(text)))


def without_links_to(text: str, sites: Iterable[str]) -> str:
    """`text`, as it was written, without links to these sites, such as `example.org`, and to `www.` of them.

    What is not plainly one of them stays: other letters in the name or at its edges, marks, user names, escapes.
    """
    found = tuple(sorted(sites))
    return _links_to(found).sub(" ", text) if found else text


@lru_cache(maxsize=8)
def _links_to(sites: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sites))
    return re.compile(
        r"""(?:^|(?<=[\s("'<\[«“]))"""
        rf"(?:https?://)?(?:www\.)?(?:{names})(?::[0-9]{{1,5}})?"
        r"""(?=[/?\#]|[.,;:!?)\]>"'»”]*(?:\s|$))"""
        r"(?:/(?!/)|[A-Za-z0-9._%&+=:?#-])*",
        re.IGNORECASE | re.ASCII,
    )


def _is_domain(found: re.Match[str]) -> bool:
    top, path = found.groups()
    return top is None or top.startswith("xn--") or (top in TOP and (bool(path) or top not in FILES))
