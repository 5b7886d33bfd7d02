"""Settings under which all services' apps are installed at once: for type checks and the simulator."""

from importlib import import_module
from pathlib import Path

from launcher.project import names_in

from svc_chassis.settings import EVENTS, service_settings

ROOT = Path(__file__).resolve().parent.parent
SERVICES = [name for name in names_in(ROOT) if name != "frontend"]
INSTALLED_APPS: list[str]

# What only one service has, under what all share.
for service in SERVICES:
    own = vars(import_module(f"{service}.settings"))
    globals().update({name: value for name, value in own.items() if name.isupper()})
shared = service_settings(
    SERVICES[0], ROOT / f"{SERVICES[0]}_svc", apps=[*EVENTS, "svc_chassis.audit"], roles=["operator", "moderator"]
)
globals().update(shared)
INSTALLED_APPS = [*globals()["INSTALLED_APPS"], *SERVICES[1:]]
