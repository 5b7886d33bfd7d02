"""The database of a service: DATABASE_URL, or a file of its own in the run directory."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""in seconds, the last one in milliseconds: a server that is gone without a word is found out"""


def database_settings(env: environ.Env, environment: str, run_dir: Path, name: str) -> dict[str, Any]:
    """Django's settings of the database of the service `name`. Raises ImproperlyConfigured, naming DATABASE_URL."""
    # `sqlite:////path/to/file` or `postgres://user:password@host:port/name`. Default: SQLite in the run directory.
    given = env.str("DATABASE_URL", "").strip()
    config: dict[str, Any] = _given(env, given) if given else {"ENGINE": SQLITE, "NAME": run_dir / f"{name}.sqlite3"}
    if config["ENGINE"] == SQLITE:
        synchronous = "FULL" if environment == "production" else "NORMAL"
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            # Deferred transactions that turn into writers fail with "database is locked"; immediate ones wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-16000; "
            # What is deleted is overwritten in the file.
            "PRAGMA secure_delete=ON;",
        }
        # A file, because an in-memory database ignores the busy timeout.
        config["TEST"] = {"NAME": str(run_dir / f"test-{name}.sqlite3")}
    else:
        # A connection per request costs more than the request. More threads than this wait their turn.
        pool = {"min_size": 2, "max_size": 16, "timeout": 10}
        config["OPTIONS"] = PATIENCE | config.get("OPTIONS", {}) | {"pool": pool}
    return config


def _given(env: environ.Env, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.fragment or "#" in url:
        raise ImproperlyConfigured("DATABASE_URL has a # in it, which would cut it short: write it as %23.")
    if parts.scheme == "sqlite":
        return {"ENGINE": SQLITE, "NAME": _file(url)}
    config: dict[str, Any] = env.db_url_config(url) if parts.scheme in env.DB_SCHEMES else {}
    if config.get("ENGINE") != POSTGRESQL:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme!r}: use sqlite:////path or postgres://user:password@host:port/name."
        )
    return config


def _file(url: str) -> Path:
    parts = urlsplit(url)
    if parts.query or "?" in url:
        raise ImproperlyConfigured("DATABASE_URL has a ? in it, which would cut it short: write it as %3F.")
    path = unquote(parts.path[1:])
    if parts.netloc or not path or "\0" in path:
        raise ImproperlyConfigured("DATABASE_URL names no SQLite file: write it as sqlite:////path/to/file.")
    return Path(path)
