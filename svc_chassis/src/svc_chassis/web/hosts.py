"""ALLOWED_HOSTS: the host names that the service answers to. `frontend/proxy/hosts.ts` reads it too."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.request import split_domain_port

log = structlog.get_logger()

LOOPBACK = [".localhost", "127.0.0.1", "[::1]"]
NAME = re.compile(r"\*|\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")


def allowed_hosts(given: Iterable[str], local: bool, service_url: str) -> list[str]:
    """Django's ALLOWED_HOSTS: what is given, loopback, and where the bus delivers to; in production `*` by default.

    `blog.test`, `.blog.test` or `*.blog.test` (with all names below it), an address, or `*`; case and a port do not
    matter. Raises ImproperlyConfigured for anything else.
    """
    names = [_name(each) for each in given if each.strip()]
    if not names and not local:
        return ["*"]
    own, _ = split_domain_port(urlsplit(service_url).netloc.rpartition("@")[2])
    return list(dict.fromkeys(filter(None, [*LOOPBACK, own, *names])))


def refusal(request: HttpRequest) -> str:
    """Why the request's Host is refused, and what to set. Logged too."""
    host = request.META.get("HTTP_HOST", "")
    domain, _ = split_domain_port(host)
    if domain:
        detail = (
            f"Host {domain} is not allowed. To allow it, set ALLOWED_HOSTS={domain} (separate several with commas)."
        )
    else:
        detail = "The Host header is not a host name."
    log.warning("host refused", host=host[:255], cure=f"set ALLOWED_HOSTS={domain}" if domain else "")
    return detail


def _name(text: str) -> str:
    name = text.strip().lower()
    if name.count(":") > 1 and not name.startswith("["):
        name = f"[{name}]"
    name = re.sub(r":[0-9]+$", "", name).removesuffix(".") if not name.endswith("]") else name
    name = name.removeprefix("*") if name.startswith("*.") else name
    if not NAME.fullmatch(name):
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS has {text.strip()!r}: set it to host names such as blog.test or .blog.test, or to *."
        )
    return name
