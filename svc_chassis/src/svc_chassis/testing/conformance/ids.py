"""Ids that every door with `<id:…>` in its path takes, and such that are not found."""

WELL_FORMED = [
    "7",
    "5f3a9c1b",
    "1B4E28BA2FA141D2883F0016D3CCA427",
    "a.b",
    "...a",
    ".well-known",
    "~me",
    "_",
    "-",
    "x" * 255,
]
MALFORMED = [
    ".",
    "..",
    "...",
    "a b",
    "a+b",
    "ümlaut",
    "a%b",
    "a:b",
    "a/b",
    "a;b",
    "a@b",
    "'; DROP TABLE",
    "a\0b",
    "a\n",
    "\n",
    "x" * 256,
]
