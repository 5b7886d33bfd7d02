"""Keys and tokens: from the environment in production; locally generated once and stored in the run directory."""

import base64
import os
import re
import secrets
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NAME = r"[a-z][a-z0-9_-]{0,63}"
"""of a peer, as the bus takes it for a subscription; it becomes the name of a file"""
HOLDER = re.compile(r"(?P<name>[a-z][a-z0-9._-]{0,39})=(?P<token>.*)")
"""a token and whose it is"""
LEAST = 24
"""bytes of a signing key (Standard Webhooks)"""


class Vault:
    """Where a service's secrets come from.

    `production`: the environment, and nothing else; a missing one stops the service.
    `local`: the environment if set, else a file in `<run dir>/secrets`, made on first use.
    """

    def __init__(self, environment: str, run_dir: Path) -> None:
        self._production = environment == "production"
        self._folder = run_dir / "secrets"

    def token(self, variable: str, file: str) -> str:
        """A bearer token or Django's own key: 64 URL-safe characters."""
        return self._secret(variable, file, secrets.token_urlsafe(48))

    def tokens(self, role: str) -> str:
        """The bearer tokens of `role`: one, or `name=token,name=token`. Raises ImproperlyConfigured."""
        variable = f"{role.upper()}_TOKEN"
        given = self.token(variable, f"{role}-token")
        try:
            named_tokens(given, role)
        except ValueError as error:
            raise ImproperlyConfigured(f"{variable} must be one token, or name=token,name=token,…: {error}") from None
        return given

    def signing_keys(self, variable: str, service: str) -> list[str]:
        """The keys with which `service` and the bus sign to each other; two during a rotation."""
        fresh = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        return _checked(variable, self._secret(variable, f"events-{service}", fresh).split())

    def peer_keys(self, given: str) -> "PeerKeys":
        """The bus's view of every service's keys, `given` as `name=key,name=key` (a name twice: rotation)."""
        if self._production and not given:
            raise ImproperlyConfigured("EVENTS_PEER_SECRETS is not set: give it as name=key,name=key,…")
        return PeerKeys(given, None if self._production else self._folder)

    def _secret(self, variable: str, file: str, fresh: str) -> str:
        if value := os.environ.get(variable, "").strip():
            return value
        if self._production:
            raise ImproperlyConfigured(f"{variable} is not set: production needs every secret.")
        if value := _keep(self._folder / file, fresh):
            return value
        raise ImproperlyConfigured(f"{self._folder / file} is empty: delete it, and it is generated again.")


class PeerKeys:
    """name → signing keys. Locally a service that starts later joins by its file, without a restart."""

    def __init__(self, given: str, folder: Path | None) -> None:
        self._folder = folder
        self._keys: dict[str, list[str]] = {}
        for pair in filter(None, (part.strip() for part in given.split(","))):
            name, separator, key = pair.partition("=")
            if not (name and separator and key):
                raise ImproperlyConfigured("EVENTS_PEER_SECRETS must read name=key,name=key,…")
            self._keys.setdefault(name, []).extend(_checked("EVENTS_PEER_SECRETS", [key]))

    def of(self, name: str) -> list[str]:
        """The keys of `name`, none if it is no peer."""
        if name not in self._keys and self._folder and re.fullmatch(NAME, name):
            file = self._folder / f"events-{name}"
            if file.is_file():
                self._keys[name] = file.read_text().split()
        return self._keys.get(name, [])


@cache
def named_tokens(given: str, role: str) -> tuple[tuple[str, str], ...]:
    """Names and tokens in `given`; one without a name has the role's. A name may have two, during a rotation.

    Raises ValueError, which never shows a token.
    """
    found = []
    for position, entry in enumerate((part.strip() for part in given.split(",")), 1):
        match = HOLDER.fullmatch(entry)
        name, token = match.groups() if match else (role, entry)
        if not token.strip("="):
            raise ValueError(f"entry {position} has no token.")
        found.append((name, token))
    if len({token for _, token in found}) < len(found):
        raise ValueError("two entries have the same token.")
    return tuple(found)


def _checked(variable: str, keys: list[str]) -> list[str]:
    """`keys`, checked to have the format of Standard Webhooks."""
    for key in keys:
        try:
            size = len(base64.b64decode(key.removeprefix("whsec_"), validate=True))
        except ValueError:
            size = 0
        if size < LEAST:
            raise ImproperlyConfigured(f"A key in {variable} must be whsec_ and the base64 of at least {LEAST} bytes.")
    return keys


def _keep(file: Path, fresh: str) -> str:
    """The content of `file`, made with `fresh` if absent. Several processes may race: one content wins."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(fresh)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
