"""Settings under which all five services' apps are installed at once: for type checks and the simulator."""

from importlib import import_module
from pathlib import Path

from svc_chassis.settings import service_settings

SERVICES = ("posts", "comments", "moderation", "query", "eventbus")
INSTALLED_APPS: list[str]

# What only one service has, under what all share.
for service in SERVICES:
    own = vars(import_module(f"{service}.settings"))
    globals().update({name: value for name, value in own.items() if name.isupper()})
globals().update(service_settings("posts", Path(__file__).resolve().parent.parent / "posts_svc"))
INSTALLED_APPS = [*globals()["INSTALLED_APPS"], *SERVICES[1:]]
