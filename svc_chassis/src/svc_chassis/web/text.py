"""Which text is visible. `frontend/src/lib/text.ts` has the same rule, and passes the same test cases."""

import re
import unicodedata

IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of Unicode 17.0 (DerivedCoreProperties.txt): what is not drawn where it is not known."""

EMPTY = re.compile("[\u2800\ufff9-\ufffc\U0001d159]")
"""Drawn as nothing for other reasons: blank Braille, interlinear annotation, an object's place, the null notehead."""

LINE_BREAK = re.compile("[\n-\r\x1c-\x1e\x85\u2028\u2029]")


def shows(text: str) -> bool:
    """Whether anything is visible: spaces, controls and marks without a base letter are not."""
    return any(
        unicodedata.category(character)[0] not in "ZM" and unicodedata.category(character) != "Cc"
        for character in EMPTY.sub("", IGNORABLE.sub("", text))
    )
