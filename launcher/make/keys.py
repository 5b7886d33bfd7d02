"""`keys`: creates the secrets of a cluster beside the manifests, outside of version control, and rotates them."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project, write_private

BUS, TOKENS = "eventbus", "tokens"
Variables = dict[str, str]


def keys(context: Context, add: str | None, drop: str | None) -> int:
    """Create missing secrets; add a second signing key to a service, or remove its older one."""
    project = context.project
    with context.changing():
        made = make_missing(project)
        if add:
            _change(project, add, [*_signing_keys(project, add), fresh_key()])
        if drop:
            _change(project, drop, _signing_keys(project, drop)[-1:])
        _tell_the_bus(project)
    terminal.done(str(folder(project).relative_to(project.root)), f"created: {', '.join(made) or 'nothing, all exist'}")
    for name in filter(None, (add, drop)):
        terminal.done(name, f"signing keys: {len(_signing_keys(project, name))}")
    return 0


def folder(project: Project) -> Path:
    """The folder in which kustomization.yaml expects them."""
    return project.root / "infra" / "k8s" / "base" / "secrets"


def make_missing(project: Project) -> list[str]:
    """Create the missing files and return their names; existing ones stay."""
    contents = {TOKENS: {name: secrets.token_urlsafe(32) for name in ("OPERATOR_TOKEN", "MODERATOR_TOKEN")}}
    for service in project.backends:
        contents[service.name] = {"SECRET_KEY": secrets.token_urlsafe(32), "EVENTS_SECRET": fresh_key()}
    missing = [name for name in contents if not _file(project, name).exists()]
    folder(project).mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in missing:
        _write(project, name, contents[name])
    _tell_the_bus(project)
    return missing


def fresh_key() -> str:
    """A signing key in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def read(project: Project, name: str) -> Variables:
    """The variables in one of the files."""
    lines = _file(project, name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _tell_the_bus(project: Project) -> None:
    """Write all services' keys into the bus's file; keys of foreign services in it stay."""
    bus = read(project, BUS)
    names = [service.name for service in project.backends if service.name != BUS]
    given = [pair for pair in bus.get("EVENTS_PEER_SECRETS", "").split(",") if pair]
    foreign = [pair for pair in given if pair.partition("=")[0] not in names]
    ours = [f"{name}={key}" for name in names for key in _signing_keys(project, name)]
    _write(project, BUS, bus | {"EVENTS_PEER_SECRETS": ",".join(ours + foreign)})


def _change(project: Project, name: str, signing_keys: list[str]) -> None:
    if len(signing_keys) > 2:
        cure = f"python3 manage_all.py keys --drop {name}   (once its pods and those of the bus have both)"
        raise Problem(f"{name} already has two signing keys.", cure)
    _write(project, name, read(project, name) | {"EVENTS_SECRET": " ".join(signing_keys)})


def _signing_keys(project: Project, name: str) -> list[str]:
    """Oldest first; with two, both sign, and either is accepted."""
    return read(project, name)["EVENTS_SECRET"].split()


def _write(project: Project, name: str, variables: Variables) -> None:
    text = "".join(f"{variable}={value}\n" for variable, value in variables.items())
    if not _file(project, name).exists() or _file(project, name).read_text() != text:
        write_private(_file(project, name), text)


def _file(project: Project, name: str) -> Path:
    return folder(project) / f"{name}.env"
