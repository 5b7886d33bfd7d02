"""Query has no settings beyond the shared ones."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("query", Path(__file__).resolve().parent.parent))
