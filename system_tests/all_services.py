"""Settings under which all five services' apps are installed at once: for type checks and the simulator."""

from pathlib import Path

from svc_chassis.settings import service_settings

SERVICES = ("posts", "comments", "moderation", "query", "eventbus")

globals().update(service_settings("posts", Path(__file__).resolve().parent.parent / "posts_svc"))
INSTALLED_APPS: list[str]
INSTALLED_APPS = [*globals()["INSTALLED_APPS"], *SERVICES[1:]]
