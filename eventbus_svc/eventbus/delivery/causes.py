"""Causes: dead letters with the same class of error, at the same place in the code, are one group.

The rest of an error often names the event, and may quote its payload.
"""

import re

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

ANSWERED = r"^(answered [0-9]{3}): "
"""how the bus begins what it says of a response"""
CLASS = r"^(answered [0-9]{3}|(?:[A-Za-z_][A-Za-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*): "
"""how an error begins that has a class: that, or a name with a capital letter"""
REST = ": …"
LONGEST = 500 + len(REST) + len(" at ") + 500
"""characters of a cause"""

_TEXT = TextField()
_CLASS = Substr("error", 1, StrIndex("error", Value(": ")) - 1, output_field=_TEXT)
_WHAT = Concat(_CLASS, Value(REST), output_field=_TEXT)
_AT = (Value(" at "), F("at"))
CAUSE = Case(
    # Without a place, errors of one class may have several causes.
    When(at="", error__regex=ANSWERED, then=_WHAT),
    When(at="", then=F("error")),
    When(error__regex=CLASS, then=Concat(_WHAT, *_AT, output_field=_TEXT)),
    default=Concat(F("error"), *_AT, output_field=_TEXT),
    output_field=_TEXT,
)
"""of a row of `Parked`: `KeyError: … at handlers.py:31`; without a class or a place, all of the error"""


def class_of(cause: str) -> str | None:
    """The class of error in a cause: what may be kept for good. None if it has none: then it may quote a payload."""
    found = re.match(CLASS, cause)
    return found[1] if found else None
