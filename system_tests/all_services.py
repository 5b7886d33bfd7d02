"""Settings under which all five services' apps are installed at once: for type checks and the simulator."""

from pathlib import Path

from eventbus import settings as eventbus
from svc_chassis.settings import service_settings

SERVICES = ("posts", "comments", "moderation", "query", "eventbus")
INSTALLED_APPS: list[str]

# What only the bus has, under what all share.
globals().update({name: value for name, value in vars(eventbus).items() if name.isupper()})
globals().update(service_settings("posts", Path(__file__).resolve().parent.parent / "posts_svc"))
INSTALLED_APPS = [*globals()["INSTALLED_APPS"], *SERVICES[1:]]
