"""Posts has only the shared settings."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("posts", Path(__file__).resolve().parent.parent))
