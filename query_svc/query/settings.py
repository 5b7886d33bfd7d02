"""The shared settings, and those of the stream of changes."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("query", Path(__file__).resolve().parent.parent))

STREAMS = 10_000
BACKGROUND_LOOPS = "query.changes.query_loops"
