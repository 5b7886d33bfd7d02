from pathlib import Path

from svc_chassis.settings import service_settings

globals().update(service_settings("orders", Path(__file__).resolve().parent.parent, roles=["operator", "moderator"]))
STREAMS = 16
CLIENT_DEADLINE = 4.0
