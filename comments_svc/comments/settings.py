"""Comments has only the shared settings."""

from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("comments", Path(__file__).resolve().parent.parent))
