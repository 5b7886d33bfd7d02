"""The shared settings, and one more loop."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("query", Path(__file__).resolve().parent.parent))

BACKGROUND_LOOPS = "query.changes.query_loops"
