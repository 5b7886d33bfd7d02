"""Structured logs on standard output: readable on a laptop, JSON in production. Never a secret, never a body."""

import json
import logging.config
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog

from svc_chassis.events.chain import current_chain

# Neither shows local variables: they hold what people wrote.
PLAIN = structlog.dev.plain_traceback
STRUCTURED = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

ROOM = 8_000
"""characters of correlation ids, as JSON writes them, in one line: containerd splits lines of more than 16 KiB"""


def log_of_chains(log: Callable[..., Any], event: str, correlationids: Iterable[str | None], **fields: Any) -> None:
    """Log a line about events of these chains, so that one search finds all lines of a chain.

    Of many chains it is several lines, which have the same fields, and each a `part` of the chains.
    """
    found = list(dict.fromkeys(filter(None, correlationids)))
    if len(found) < 2:
        log(event, **fields, correlationid=found[0] if found else None)
        return
    lines, room = list[list[str]](), 0
    for correlationid in found:
        size = len(json.dumps(correlationid)) + len(", ")
        if size > room:
            lines.append([])
            room = ROOM
        lines[-1].append(correlationid)
        room -= size
    for number, its in enumerate(lines, 1):
        part = {"part": f"{number} of {len(lines)}"} if len(lines) > 1 else {}
        log(event, **fields, **part, correlationids=its)


def _with_correlation(logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if "correlationids" not in event and (correlationid := current_chain().correlationid):
        event.setdefault("correlationid", correlationid)
    return event


def _with_local_time(logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """To the millisecond: the lines of a chain, in several files, are sorted by it."""
    event["timestamp"] = datetime.now().isoformat(" ", "milliseconds")  # noqa: DTZ005 - for the person before it
    return event


def logging_settings(service: str, *, human: bool) -> dict[str, Any]:
    """Django's LOGGING; also sets structlog up, so that both end in the same lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_correlation,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _with_local_time if human else structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False, exception_formatter=PLAIN)]
        if human
        else [structlog.processors.ExceptionRenderer(STRUCTURED), structlog.processors.JSONRenderer()]
    )
    settings = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "structured",
            }
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
        # Django's own line per 4xx says less than ours, or, of a wrong Host, too much: a traceback for each.
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Its warnings are one per span that is dropped; the exporter says that it cannot send, and why.
            "opentelemetry.sdk._shared_internal": {"level": "ERROR"},
        },
    }
    logging.config.dictConfig(settings)
    return settings
