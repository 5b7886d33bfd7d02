"""The settings every service shares. Configuration is environment only, and read here once."""

import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.database.settings import database_settings
from svc_chassis.observe.logs import logging_settings
from svc_chassis.secrets import Vault
from svc_chassis.web.hosts import allowed_hosts
from svc_chassis.web.settings import http_settings

KIB, MIB = 1024, 1024 * 1024


EVENTS = ("svc_chassis.outbox", "svc_chassis.inbox", "svc_chassis.idempotency", "svc_chassis.leases")
"""the apps of a service that publishes and subscribes"""


def service_settings(
    name: str, project: Path, *, apps: Sequence[str] = EVENTS, roles: Sequence[str] = ()
) -> dict[str, Any]:
    """All Django settings of the service `name` whose project folder is `project`; merge into the module's globals.

    `apps` are those of the chassis that it installs, `roles` those whose tokens it knows (`OPERATOR_TOKEN` and so on).

    Raises ImproperlyConfigured, naming the variable, when a value is invalid.
    """
    env = environ.Env()
    # `local`, or `production`: every secret must be given, and SQLite survives a power loss.
    environment = env.str("BLOGBUS_ENV", "local")
    if environment not in ("local", "production"):
        raise ImproperlyConfigured(f"BLOGBUS_ENV is {environment!r}: set it to 'local' or 'production'.")
    # The directory of databases and of generated secrets. Default: `.run` beside the service's folder.
    run_dir = Path(env.str("BLOGBUS_RUN_DIR", str(project.parent / ".run"))).resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    vault = Vault(environment, run_dir)
    port = _port(project, name)
    # Where the bus reaches this service. Default: its port on `127.0.0.1`.
    url = _url(env, "SERVICE_URL", f"http://127.0.0.1:{port}")
    return {
        "SERVICE_NAME": name,
        "SERVICE_PORT": port,
        "SERVICE_URL": url,
        "REPLICA": f"{socket.gethostname()}:{port}",
        "BLOGBUS_ENV": environment,
        "RUN_DIR": run_dir,
        # Where this service reaches the bus.
        "EVENTBUS_URL": _url(env, "EVENTBUS_URL", "http://127.0.0.1:4005"),
        # The signing key that it shares with the bus, `whsec_…`. During a rotation two, with a space between, the older
        # one first: both sign, and edit tokens are made with the first.
        "EVENTS_KEYS": vault.signing_keys("EVENTS_SECRET", name),
        # Accept events without a signature, and let anybody read `GET /events`.
        "EVENTS_ALLOW_UNSIGNED": env.bool("EVENTS_ALLOW_UNSIGNED", False),
        "EVENTS_VAULT": vault,
        "ROLES": tuple(roles),
        **{f"{role.upper()}_TOKEN": vault.tokens(role) for role in roles},
        # Django requires it, and nothing here uses it.
        "SECRET_KEY": vault.token("SECRET_KEY", f"django-{name}"),
        # Seconds between two attempts to reach the bus, at most; at the bus, between two attempts to reach an absent
        # subscriber.
        "RETRY_MOST": env.float("RETRY_MOST", 2.0 if environment == "local" else 30.0),
        "BACKGROUND_LOOPS": "svc_chassis.bootstrap.service_loops",
        # The receiver of spans, such as an OpenTelemetry collector, by OTLP over HTTP; the other `OTEL_` variables
        # apply too. Default: none: no spans are exported, and events still carry `traceparent`.
        "TRACES_ENDPOINT": _url(env, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318", optional=True),
        # Streams of server-sent events that one process holds open, and its other connections.
        "STREAMS": 0,
        "CONNECTIONS": 4000,
        # Seconds that a client has to send a request, and to take each piece of an answer.
        "CLIENT_DEADLINE": 30.0,
        "PRUNED_TABLES": "svc_chassis.pruning.service_tables",
        "RESTORED": "svc_chassis.restoring.restored",
        "BODY_LIMIT": 256 * KIB,
        # Those two are held before a body is read; Django's own limit would refuse batches that we take.
        "DATA_UPLOAD_MAX_MEMORY_SIZE": None,
        "EVENTS_BODY_LIMIT": 4 * MIB,
        "DATABASES": {"default": database_settings(env, environment, run_dir, name)},
        # Host names that requests may name, besides localhost. Default: locally none; in production any until set.
        "ALLOWED_HOSTS": allowed_hosts(env.list("ALLOWED_HOSTS", default=[]), environment == "local", url),
        **_django(environment, name, apps),
        **http_settings(env, environment, name),
    }


def _url(env: environ.Env, variable: str, default: str, *, optional: bool = False) -> str:
    url = str(env.str(variable, "" if optional else default)).rstrip("/")
    if optional and not url:
        return ""
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
        raise ImproperlyConfigured(f"{variable} is {url!r}: set it to something like {default}.")
    return url


def _port(project: Path, name: str) -> int:
    """The service's own port: SERVICE_PORT if set, else as in the table of services, else Django's 8000."""
    env = environ.Env()
    table = project.parent / "services.json"
    if "SERVICE_PORT" in env.ENVIRON or not table.is_file():
        # Its own port, from which `SERVICE_URL` follows. Default: the one in `services.json`.
        return int(env.int("SERVICE_PORT", 8000))
    import orjson

    return int(orjson.loads(table.read_bytes()).get(name, {}).get("port", 8000))


def _django(environment: str, name: str, apps: Sequence[str]) -> dict[str, Any]:
    local = environment == "local"
    return {
        "DEBUG": False,
        "INSTALLED_APPS": [
            "corsheaders",
            "rest_framework",
            "drf_spectacular",
            "svc_chassis",
            *apps,
            name,
        ],
        "MIDDLEWARE": [
            "svc_chassis.observe.requests.RequestLog",
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "corsheaders.middleware.CorsMiddleware",
            "django.middleware.common.CommonMiddleware",
            "svc_chassis.web.limits.BodyLimit",
        ],
        "SILENCED_SYSTEM_CHECKS": [
            "security.W003",  # CSRF needs a cookie that lets somebody in; here only headers do
            "security.W004",  # HSTS is the ingress' to say, where TLS ends
            "security.W008",  # and so is the redirect to it
        ],
        "ROOT_URLCONF": f"{name}.urls",
        "WSGI_APPLICATION": "svc_chassis.wsgi.application",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "TIME_ZONE": "UTC",
        "USE_TZ": True,
        "USE_I18N": False,
        "APPEND_SLASH": False,
        "LOGGING_CONFIG": None,
        "LOGGING": logging_settings(name, human=local),
    }
