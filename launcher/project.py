"""Where things are: the table of services, their folders and ports, the run directory; and how a command fails."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from launcher.run.engines import ENGINES, HOST

DEFAULT_PORT_BASE = 4000


@dataclass(frozen=True)
class Service:
    name: str
    port: int
    title: str
    folder: Path
    package: str = ""
    """its Django project; several replicas have one. Empty: it has none"""
    replicas: tuple[int, ...] = ()
    """their ports, if this is the front door of some"""

    @property
    def is_engine(self) -> bool:
        return self.name in ENGINES

    @property
    def is_frontend(self) -> bool:
        return self.name == "frontend"

    @property
    def is_backend(self) -> bool:
        return bool(self.package)

    @property
    def url(self) -> str:
        return f"{self.name}://{HOST}:{self.port}" if self.is_engine else f"http://localhost:{self.port}"

    @property
    def ready_path(self) -> str:
        return "/" if self.is_frontend else "/readyz"


@dataclass(frozen=True)
class Project:
    root: Path
    run_dir: Path
    port_base: int
    services: tuple[Service, ...]

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def names(self) -> list[str]:
        return [service.name for service in self.services]

    @property
    def backends(self) -> list[Service]:
        return [service for service in self.services if service.is_backend]

    @property
    def engines(self) -> dict[str, Service]:
        return {service.name: service for service in self.services if service.is_engine}

    @property
    def frontend(self) -> Service | None:
        return next((service for service in self.services if service.is_frontend), None)

    def service(self, name: str) -> Service:
        for service in self.services:
            if service.name == name:
                return service
        raise Problem(f"There is no service {name!r}.", f"The services are: {', '.join(self.names)}.")

    def log(self, name: str) -> Path:
        return self.run_dir / "logs" / f"{name}.log"


def run_dir_of(root: Path, environ: Mapping[str, str]) -> Path:
    """The state's home: `.run/` of the checkout, or BLOGBUS_RUN_DIR."""
    return Path(environ.get("BLOGBUS_RUN_DIR") or root / ".run").absolute()


def names_in(root: Path) -> list[str]:
    """The services' names in start order, for usage messages, whatever the ports."""
    return list(json.loads((root / "services.json").read_text()))


@dataclass(frozen=True)
class Shape:
    """What `up` starts besides one process of each service."""

    engines: tuple[str, ...] = ()
    replicas: tuple[tuple[str, int], ...] = ()
    """how many of a service; its front door listens on its port"""


ALONE = Shape()


def load(root: Path, port_base: int, environ: Mapping[str, str] = os.environ, shape: Shape = ALONE) -> Project:
    """The project with every port shifted to the port base, engines first."""
    services, run_dir = [], run_dir_of(root, environ)
    for name in shape.engines:
        engine = ENGINES[name]
        services.append(Service(name, port_base + engine.offset, engine.title, run_dir / "engines" / name))
    for name, row in json.loads((root / "services.json").read_text()).items():
        port = int(row["port"]) - DEFAULT_PORT_BASE + port_base
        count = dict(shape.replicas).get(name, 1)
        if not 0 < port < 65536 - 100 * (count if count > 1 else 0):
            raise Problem(
                f"With --port-base {port_base}, {name} would be on port {port}.", "Use another base, such as 14000."
            )
        folder = root / (name if name == "frontend" else f"{name}_svc")
        one = Service(name, port, row["title"], folder, "" if name == "frontend" else name)
        services += _replicas(root, one, count) if count > 1 else [one]
    return Project(root, run_dir, port_base, tuple(services))


def _replicas(root: Path, one: Service, count: int) -> list[Service]:
    """Each 100 ports above the one before, and their front door."""
    ports = tuple(one.port + 100 * number for number in range(1, count + 1))
    each = [
        replace(one, name=f"{one.name}-{number}", port=port, title=f"{one.title} {number}")
        for number, port in enumerate(ports, 1)
    ]
    return [*each, Service(one.name, one.port, one.title, root, replicas=ports)]


class Problem(Exception):
    """An error with its cure, printed without a traceback."""

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure


class Interrupted(Exception):
    """The command was asked to stop: Ctrl-C, SIGTERM, or a closed terminal."""


def write_private(path: Path, text: str) -> None:
    """Replace the file atomically; only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
