"""Comments has no settings beyond the shared ones."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("comments", Path(__file__).resolve().parent.parent))
