"""How a broker's message carries an event: its bytes as the body, and all else in one header."""

import json
from datetime import UTC, datetime, timedelta

from eventbus.log.port import Record

HEADER = "Blogbus-Event"
EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def header_of(record: Record) -> str:
    """In ASCII, as headers are."""
    return json.dumps([*record[:4], (record.time - EPOCH) // TICK])


def record_of(header: str | bytes, body: bytes) -> Record:
    source, event_id, kind, subject, microseconds = json.loads(header)
    return Record(source, event_id, kind, subject, EPOCH + microseconds * TICK, body)
