"""Causes: dead letters with the same class of error, at the same place in the code, are one group.

The rest of an error often names the event, and may quote its payload.
"""

import re

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

CLASS = r"^(answered [0-9]{3}|[A-Za-z_][A-Za-z0-9_.]*): "
"""how an error begins that has a class, as our services write it; or as the bus itself, about a response"""
REST = ": …"
LONGEST = 500 + len(REST) + len(" at ") + 500
"""characters of a cause"""

_TEXT = TextField()
_CLASS = Substr("error", 1, StrIndex("error", Value(": ")) - 1, output_field=_TEXT)
_OF_CLASS = Concat(_CLASS, Value(REST), output_field=_TEXT)
_WHAT = Case(When(error__regex=CLASS, then=_OF_CLASS), default=F("error"), output_field=_TEXT)
CAUSE = Case(When(at="", then=_WHAT), default=Concat(_WHAT, Value(" at "), F("at"), output_field=_TEXT))
"""of a row of `Parked`: `KeyError: … at handlers.py:31`; of an error without a class, all of it"""


def class_of(cause: str) -> str | None:
    """The class of error in a cause: what may be kept for good. None if it has none: then it may quote a payload."""
    found = re.match(CLASS, cause)
    return found[1] if found else None
