"""Texts that show nothing, texts that do, and what ends a line. The page is tested with the same file."""

from pathlib import Path
from typing import Any

import orjson

_cases: dict[str, Any] = orjson.loads(Path(__file__).with_name("texts.json").read_bytes())

BLANK: dict[str, str] = _cases["blank"]
SHOWN: dict[str, str] = _cases["shown"]
LINE_BREAKS: list[str] = _cases["lineBreaks"]
