"""`keys`: creates the secrets of a cluster beside the manifests, outside of version control, and rotates them."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project, write_private

BUS, TOKENS = "eventbus", "tokens"
MANIFESTS = Path("infra") / "k8s"
BASE = "base"
DATABASES, POSTGRES, LOG, NATS = (f"components/{name}" for name in ("databases", "postgres", "log", "nats"))
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


def folder(project: Project, part: str = BASE) -> Path:
    """The folder in which the kustomization.yaml of this part expects them."""
    return project.root / MANIFESTS / part / "secrets"


def make_missing(project: Project) -> list[str]:
    """Create the missing files and return their names; existing ones stay."""
    made = []
    for (part, name), variables in _fresh(project).items():
        if not _file(project, name, part).exists():
            _write(project, name, variables, part)
            made.append(name if part == BASE else f"{Path(part).name}/{name}")
    _tell_the_bus(project)
    _tell_postgres(project)
    _tell_nats(project)
    return made


def _fresh(project: Project) -> dict[tuple[str, str], Variables]:
    """What each file contains when it is created, by its part of the manifests and its name."""
    files = {
        (BASE, TOKENS): {"OPERATOR_TOKEN": _random(), "MODERATOR_TOKEN": _random()},
        (POSTGRES, "postgres"): {"POSTGRES_PASSWORD": _random()},
        (NATS, "nats"): {"NATS_PASSWORD": _random(), "NATS_ROUTES_PASSWORD": _random()},
        (LOG, BUS): {"EVENTBUS_LOG": f"nats://{BUS}:{_random()}@nats:4222?partitions=3&replicas=3"},
    }
    for service in project.backends:
        name = service.name
        files[BASE, name] = {"SECRET_KEY": _random(), "EVENTS_SECRET": fresh_key()}
        files[DATABASES, name] = {"DATABASE_URL": f"postgres://{name}:{_random()}@postgres:5432/{name}"}
    return files


def _random() -> str:
    """For any file and URL. It begins with a letter, because NATS takes -1x for a wrong number."""
    return f"k{secrets.token_urlsafe(48)}"


def fresh_key() -> str:
    """A signing key in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def read(project: Project, name: str, part: str = BASE) -> Variables:
    """The variables in one of the files."""
    lines = _file(project, name, part).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _tell_the_bus(project: Project) -> None:
    """Write all services' keys into the bus's file; keys of foreign services in it stay."""
    bus = read(project, BUS)
    names = [service.name for service in project.backends if service.name != BUS]
    given = [pair for pair in bus.get("EVENTS_PEER_SECRETS", "").split(",") if pair]
    foreign = [pair for pair in given if pair.partition("=")[0] not in names]
    ours = [f"{name}={key}" for name in names for key in _signing_keys(project, name)]
    _write(project, BUS, bus | {"EVENTS_PEER_SECRETS": ",".join(ours + foreign)})


def _tell_postgres(project: Project) -> None:
    """Write the password in each service's DATABASE_URL into the file of the server in the cluster."""
    urls = {each.name: urlsplit(read(project, each.name, DATABASES)["DATABASE_URL"]) for each in project.backends}
    _write(project, "roles", {name: url.password or "" for name, url in urls.items()}, POSTGRES)


def _tell_nats(project: Project) -> None:
    """Write the password in EVENTBUS_LOG into the file of the servers in the cluster, if the log is there."""
    url = urlsplit(read(project, BUS, LOG)["EVENTBUS_LOG"])
    if url.hostname == "nats":
        _write(project, "nats", read(project, "nats", NATS) | {"NATS_PASSWORD": url.password or ""}, NATS)


def _change(project: Project, name: str, signing_keys: list[str]) -> None:
    if len(signing_keys) > 2:
        cure = f"python3 manage_all.py keys --drop {name}   (once its pods and those of the bus have both)"
        raise Problem(f"{name} already has two signing keys.", cure)
    _write(project, name, read(project, name) | {"EVENTS_SECRET": " ".join(signing_keys)})


def _signing_keys(project: Project, name: str) -> list[str]:
    """Oldest first; with two, both sign, and either is accepted."""
    return read(project, name)["EVENTS_SECRET"].split()


def _write(project: Project, name: str, variables: Variables, part: str = BASE) -> None:
    text = "".join(f"{variable}={value}\n" for variable, value in variables.items())
    file = _file(project, name, part)
    if not file.exists() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(file, text)


def _file(project: Project, name: str, part: str = BASE) -> Path:
    return folder(project, part) / f"{name}.env"
