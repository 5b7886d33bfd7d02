"""Which variables of the shell are passed on: an allow-list, because harmful ones cannot all be listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Variables = dict[str, str]


def _pattern(*names: str) -> re.Pattern[str]:
    return re.compile("|".join(names))


# About the machine: paths, language, access to the internet.
MACHINE = _pattern(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|NO_COLOR|TMPDIR|TEMP|TMP|XDG_\w+",
    r"(?i:https?_proxy|all_proxy|no_proxy|ftp_proxy)",
    r"SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NETRC",
    r"LD_LIBRARY_PATH|DYLD_\w+|NIX_\w+|SYSTEMROOT|WSL\w*",
)
# Settings of all services (README, "Use it"); others are prefixed with the name of their service.
SETTINGS = _pattern(
    r"BLOGBUS_\w+|EVENTS_\w+|THROTTLE_\w+|CORS_\w+|OTEL_\w+|ALLOWED_HOSTS|RETRY_MOST|OPERATOR_TOKEN|MODERATOR_TOKEN"
)
# Not a prefixed ALLOWED_HOSTS: the hosts that the bus delivers to.
WHOLE = {"EVENTBUS_ALLOWED_HOSTS"}
# `up` decides these for each service.
DECIDED = {"BLOGBUS_RUN_DIR", "BLOGBUS_PORT_BASE", "EVENTBUS_URL", "SERVICE_URL", "SERVICE_PORT"}
# Changes a service or its tests, and is often set in a shell for another project.
HARMFUL = _pattern(
    r"DATABASE_URL|SECRET_KEY|SERVICE_URL|SERVICE_PORT|EVENTBUS_URL|PORT|WEB_CONCURRENCY|KUBERNETES_SERVICE_HOST",
    r"(DJANGO|GUNICORN|UVICORN|VITE)_\w+|NODE_(ENV|OPTIONS|PATH)|PG[A-Z]+",
    r"PYTHON(?!UNBUFFERED|DONTWRITE|IOENCODING|UTF8|HASHSEED|NOUSERSITE|FAULT|PYCACHE)[A-Z]+|PYTHON_(GIL|JIT)",
)
# How packages are downloaded and compiled.
INDEX = _pattern(
    r"PIP_(INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|TIMEOUT|DEFAULT_TIMEOUT"
    r"|RETRIES|CACHE_DIR|NO_CACHE_DIR|KEYRING_PROVIDER|CONFIG_FILE)",
    r"(?i:npm_config_(registry|proxy|https_proxy|noproxy|cafile|ca|cert|key|strict_ssl|cache|userconfig|globalconfig"
    r"|fetch_\w+|maxsockets|offline|prefer_offline|@\S+|//\S+))",
    r"NODE_TLS_REJECT_UNAUTHORIZED|NPM_TOKEN",
    r"CC|CXX|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|PKG_CONFIG_PATH|CARGO_\w+|RUSTUP_\w+|SDKROOT|MACOSX_DEPLOYMENT_TARGET",
)


def settings(environ: Mapping[str, str], services: Iterable[str]) -> Variables:
    """The settings of the services, saved for `start`: never the whole shell, which holds other secrets."""
    owned = _owned(services)
    return {
        name: value
        for name, value in environ.items()
        if name not in DECIDED and (SETTINGS.fullmatch(name) or owned.fullmatch(name))
    }


def of_service(environ: Mapping[str, str], service: str, services: Iterable[str]) -> Variables:
    """`POSTS_X` is passed to posts only, as `POSTS_X` and as `X`; a setting of all services to all of them."""
    passed = {name: value for name, value in environ.items() if MACHINE.fullmatch(name)}
    own = f"{service.upper()}_"
    shared = settings(environ, services)
    foreign = _owned(each for each in services if each != service)
    passed |= {name: value for name, value in shared.items() if name.startswith(own) or not foreign.fullmatch(name)}
    for name, value in shared.items():
        if name.startswith(own) and name not in WHOLE and not MACHINE.fullmatch(short := name.removeprefix(own)):
            passed[short] = value
    return passed


def left_out(environ: Mapping[str, str]) -> list[str]:
    """The variables of the shell that a service would read, and that are not passed on."""
    return sorted(name for name in environ if HARMFUL.fullmatch(name) and not MACHINE.fullmatch(name))


def of_installer(environ: Mapping[str, str]) -> Variables:
    """For venv, pip, npm and the build: with the package index, proxies and certificates."""
    kept = {name: value for name, value in environ.items() if MACHINE.fullmatch(name) or INDEX.fullmatch(name)}
    return kept | {"PYTHONNOUSERSITE": "1"}


def of_tests(environ: Mapping[str, str], services: Iterable[str]) -> Variables:
    """The shell without settings of services, which tests choose; their database is TEST_DATABASE_URL, or SQLite."""
    meant = {name for name in settings(environ, services) if name != "BLOGBUS_URL"} | DECIDED
    meant |= set(left_out(environ))
    given = {"DATABASE_URL": url} if (url := environ.get("TEST_DATABASE_URL")) else {}
    return {name: value for name, value in environ.items() if name not in meant} | given


def _owned(services: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"{name.upper()}_\w+" for name in services) or r"(?!)")
