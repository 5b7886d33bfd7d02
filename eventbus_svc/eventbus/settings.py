"""The shared settings, and those of the bus."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.secrets import PeerKeys
from svc_chassis.settings import service_settings

# The bus has no outbox and no inbox.
globals().update(
    service_settings(
        "eventbus",
        Path(__file__).resolve().parent.parent,
        apps=["svc_chassis.leases", "svc_chassis.audit"],
        roles=["operator", "moderator"],
    )
)

env = environ.Env()
globals()["SPECTACULAR_SETTINGS"]["ENUM_NAME_OVERRIDES"] = {"DeliveryState": "eventbus.inspection.states.STATES"}
BACKGROUND_LOOPS = "eventbus.bootstrap.loops"
STREAMS = 1_000
# The module that declares the events; its `ALL` lists them.
CONTRACTS = "contracts"
PRUNED_TABLES = "eventbus.pruning.bus_tables"
RESTORED = "eventbus.log.adapters.database.restored"
# Where events are kept; the scheme names the kind of log: `memory`, `database`, `nats`, `kafka` or `rabbitmq`.
EVENTBUS_LOG: str = env.str("EVENTBUS_LOG", "memory://")
# MiB that the memory log may hold.
EVENTBUS_MEMORY_LIMIT: int = env.int("EVENTBUS_MEMORY_LIMIT", 256)
if EVENTBUS_MEMORY_LIMIT < 16:
    raise ImproperlyConfigured(f"EVENTBUS_MEMORY_LIMIT is {EVENTBUS_MEMORY_LIMIT}: set it to at least 16 (MiB).")
# How many of the newest events the index has, for the operator's lists, paths and counts.
EVENTBUS_INDEX_EVENTS: int = env.int("EVENTBUS_INDEX_EVENTS", 100_000)
if EVENTBUS_INDEX_EVENTS < 1000:
    raise ImproperlyConfigured(f"EVENTBUS_INDEX_EVENTS is {EVENTBUS_INDEX_EVENTS}: set it to at least 1000.")
# Failed deliveries after which an event is a dead letter; eight take about a minute.
EVENTBUS_ATTEMPTS: int = env.int("EVENTBUS_ATTEMPTS", 8)
if EVENTBUS_ATTEMPTS < 1:
    raise ImproperlyConfigured(f"EVENTBUS_ATTEMPTS is {EVENTBUS_ATTEMPTS}: set it to at least 1.")
# Hosts to which the bus delivers, besides the loopback addresses if `BLOGBUS_ENV` is `local`.
EVENTBUS_ALLOWED_HOSTS = set(env.list("EVENTBUS_ALLOWED_HOSTS", default=[]))
if globals()["BLOGBUS_ENV"] == "local":
    EVENTBUS_ALLOWED_HOSTS |= {"localhost", "127.0.0.1", "::1"}
# Whether an operator may inject faults into deliveries.
EVENTBUS_FAULTS_ENABLED: bool = env.bool("EVENTBUS_FAULTS_ENABLED", globals()["BLOGBUS_ENV"] == "local")
# The signing keys of the services: `name=key,name=key,…`. Default: locally the services' generated keys.
PEER_KEYS: PeerKeys = globals()["EVENTS_VAULT"].peer_keys(env.str("EVENTS_PEER_SECRETS", ""))
