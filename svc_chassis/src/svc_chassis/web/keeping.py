"""Answers that the server may give again until the database changes."""

from typing import TypeVar

from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)

RELEVANT = frozenset(
    {
        "authorization", "cookie", "host", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since",
        "origin", "range", "x-forwarded-proto",
    }
)  # fmt: skip
"""headers of a request on which such an answer may depend"""


def keep(response: R) -> R:
    """Promises that the answer is public, and depends on nothing but the method, the URL, RELEVANT headers and the
    database."""
    vars(response)["kept"] = True
    return response


def may_be_kept(response: HttpResponseBase) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""}
    return "kept" in vars(response) and varies <= RELEVANT and not response.cookies
