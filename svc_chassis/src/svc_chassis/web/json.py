"""JSON in and out, by orjson. It writes less deeply than it reads, and Python's own recursion ends between the two."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches

DEPTH, WRITTEN = 230, 254
"""levels that a body may have, and those that orjson writes: answers add some around it"""


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read()
        declared = parser_context["request"].META.get("CONTENT_LENGTH") if parser_context else None
        if len(body) < int(declared or 0):
            # Its sender died on the way: what is left may be valid JSON all the same.
            raise ParseError("The body is shorter than its Content-Length.")
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        if body.count(b"[") + body.count(b"{") > DEPTH and is_deep(found):
            raise ParseError(f"The body is nested more than {DEPTH} levels deep.")
        return found


def is_deep(value: Any) -> bool:
    """Whether decoded JSON has more than DEPTH levels of arrays and objects."""
    for _ in range(WRITTEN - DEPTH):
        value = [value]
    try:
        orjson.dumps(value)  # much faster than to count in Python
    except orjson.JSONEncodeError:
        return True
    return False


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class OneRepresentation(DefaultContentNegotiation):
    """Each URL has one representation: `Accept` is disregarded, as RFC 9110 (12.5.1) allows."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """By the media type in any case; REST framework compares the letters as they are."""
        name = (request.content_type or "").lower()
        return next((parser for parser in parsers if media_type_matches(str(parser.media_type), name)), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)
