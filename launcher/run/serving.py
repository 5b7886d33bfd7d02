"""How a service is migrated and served: commands and environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from launcher.project import Project, Service
from launcher.run import engines
from launcher.setup import environment, node
from launcher.setup.steps import Command


def serve(project: Project, service: Service, reload: bool, environ: Mapping[str, str] = os.environ) -> Command:
    """The command that runs the server. Its process is the server itself, so its pid is the one to watch."""
    if service.is_engine:
        service.folder.mkdir(parents=True, exist_ok=True)
        argv = engines.ENGINES[service.name].command(project.root, service.folder, service.port)
        return Command(argv, service.folder, environment.of_installer(environ))
    if service.replicas:
        argv = (str(project.python), "-m", "launcher.run.front_door", str(service.port), *map(str, service.replicas))
        return Command(argv, service.folder, environment.of_installer(environ))
    if service.is_frontend:
        mode = () if reload else ("preview",)
        vite = ("node", "node_modules/vite/bin/vite.js", *mode)
        argv = (*vite, "--host", "127.0.0.1", "--port", str(service.port), "--strictPort")
    else:
        argv = (str(project.python), "-m", "svc_chassis.server", "--bind", f"127.0.0.1:{service.port}")
        argv += ("--reload",) if reload else ()
    return Command(argv, service.folder, variables(project, service, environ))


def migrate(project: Project, service: Service, environ: Mapping[str, str] = os.environ) -> Command:
    argv = (str(project.python), "manage.py", "migrate", "--noinput")
    return Command(argv, service.folder, variables(project, service, environ))


def variables(project: Project, service: Service, environ: Mapping[str, str]) -> dict[str, str]:
    """Our defaults, overridden by the user's settings for this service, overridden by what `up` decides."""
    defaults = {
        "BLOGBUS_ENV": "local",
        "EVENTBUS_URL": _local(project, "eventbus"),
        "SERVICE_URL": _local(project, service.package or service.name),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    fixed = {
        "BLOGBUS_PORT_BASE": str(project.port_base),
        "BLOGBUS_RUN_DIR": str(project.run_dir),
        "PATH": node.search_path(project.root, environ),
    }
    if service.is_backend:
        fixed["DJANGO_SETTINGS_MODULE"] = f"{service.package}.settings"
        fixed |= _engines(project, service)
    return {**defaults, **environment.of_service(environ, service.package or service.name, project.names), **fixed}


def _engines(project: Project, service: Service) -> dict[str, str]:
    """Where the service keeps its data, if `up` started a server for it."""
    found: dict[str, str] = {}
    if postgres := project.engines.get("postgres"):
        found["DATABASE_URL"] = engines.database_url(postgres.port, service.package)
    if project.engines and service.package == "eventbus":
        log = next((engine.url for engine in project.engines.values() if engine != postgres), "database://")
        found["EVENTBUS_LOG"] = log
    return found


def _local(project: Project, name: str) -> str:
    return next((f"http://127.0.0.1:{each.port}" for each in project.services if each.name == name), "")
