"""`up`: install, build, migrate and start what is missing."""

from __future__ import annotations

import os
import shutil
import sys
import webbrowser
from collections.abc import Callable, Sequence

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project, Service
from launcher.run import engines, fleet, serving, watch
from launcher.setup import environment, preflight, venv
from launcher.setup.frontend import frontend_steps, node_steps
from launcher.setup.steps import Step, run

PAGES = {"operator": ("the flow of events", "/flow"), "moderator": ("the moderator's desk", "/moderate")}


def up(context: Context, without: Sequence[str], detach: bool, open_browser: bool) -> int:
    """Start what is missing; in the foreground, show the logs until Ctrl-C."""
    project = context.project
    wanted = [each for each in project.services if each.name not in without and each.package not in without]
    if not wanted:
        raise Problem("--without excludes all services.", f"{context.command} up")
    with context.changing():
        already = [service for service in wanted if service.name in fleet.running(project)]
        missing = [service for service in wanted if service not in already]
        if missing:
            fleet.sweep(project, missing)
            if not _fit(context, missing):
                return 1
            prepare(context, missing)
        if already:
            _say_already(already, missing)
        if missing:
            launch(context, missing)
        fleet.wait(project, already, context.interrupts)
    stay = not detach and not already
    _say_where(context, wanted, stay)
    if open_browser and _has_display():
        webbrowser.open(_page(wanted))
    return watch.until_stopped(context) if stay else 0


def launch(context: Context, services: Sequence[Service]) -> None:
    """Start the engines, migrate, and start the others; on an error, stop all of them."""
    project = context.project

    def start(chosen: list[Service]) -> None:
        fleet.start(project, chosen, context.choices.reload, context.environ, context.interrupts)

    servers = [service for service in services if service.is_engine]
    start(servers)
    try:
        # Without an engine they are migrated already.
        migrating = [*databases(context, services), *migrations(context, services)] if project.engines else []
        run([migrating], project.run_dir / "logs", context.interrupts)
        start([service for service in services if not service.is_engine])
    except BaseException:
        fleet.stop(project, servers, context.interrupts)
        raise


def databases(context: Context, services: Sequence[Service]) -> list[Step]:
    """One step that makes the missing databases in PostgreSQL."""
    postgres = context.project.engines.get("postgres")
    packages = dict.fromkeys(service.package for service in services if service.is_backend)
    if not postgres or not packages:
        return []
    making = [venv.command(context.project.root, *engines.database(postgres.port, name)) for name in packages]
    return [Step("Databases in PostgreSQL", making)]


def prepare(context: Context, services: Sequence[Service]) -> None:
    """Install, build and migrate what these services need; Python and the frontend in parallel."""
    with context.installing() as run:
        _prepare(context, services, run)


def _prepare(context: Context, services: Sequence[Service], run: Callable[[Sequence[Sequence[Step]]], None]) -> None:
    project = context.project
    wants_frontend = any(service.is_frontend for service in services)
    # The development environment has the engines' clients, the servers that PyPI has, and what exports traces.
    more = project.engines or any(name.endswith("OTEL_EXPORTER_OTLP_ENDPOINT") for name in os.environ)
    python = venv.python_steps(project, "requirements-dev.txt" if more else "requirements.txt")
    fetched = node_steps(project) if wants_frontend else []
    if fetched:
        run([[*python, *fetched]])
        python = []
    build = not context.choices.reload
    frontend = frontend_steps(project, build) if wants_frontend else []
    # Without an engine, the databases are migrated while the frontend is built.
    migrating = [] if project.engines else migrations(context, services)
    run([[*python, *migrating], frontend, _engine_steps(project)])


def _engine_steps(project: Project) -> list[Step]:
    jars = engines.jars(project.root)
    if "kafka" not in project.engines or jars.exists():
        return []
    fresh = jars.with_suffix(".new")

    def keep() -> None:
        fresh.rename(jars)

    shutil.rmtree(fresh, ignore_errors=True)
    return [Step("Kafka", [venv.command(project.root, *engines.download(fresh))], then=keep)]


def migrations(context: Context, services: Sequence[Service]) -> list[Step]:
    """One step that migrates all databases in parallel."""
    backends = {service.package: service for service in services if service.is_backend}
    commands = [serving.migrate(context.project, service, context.environ) for service in backends.values()]
    label = "Database" if len(commands) == 1 else "Databases"
    return [Step(label, commands)] if commands else []


def _fit(context: Context, missing: Sequence[Service]) -> bool:
    problems = preflight.check(context.project, missing, context.command)
    for problem in problems:
        terminal.complain(problem.what, problem.cure)
    if not problems:
        terminal.done("This machine", preflight.summary(context.project, missing))
        say_left_out(context)
        context.choices.save(context.project.run_dir)
    return not problems


def say_left_out(context: Context) -> None:
    """Print the variables of the shell that the services do not get."""
    if names := environment.left_out(context.environ):
        way = f"to set it for one service: {context.project.backends[0].package.upper()}_{names[0]}=…"
        terminal.warn("Ignored", f"{', '.join(names)} of this shell ({way})")


def _say_already(already: Sequence[Service], missing: Sequence[Service]) -> None:
    if missing:
        terminal.say(f"  Already running: {', '.join(service.name for service in already)}. Starting what is missing.")
    else:
        terminal.say("  Blogbus is already running.")


def _say_where(context: Context, services: Sequence[Service], stay: bool) -> None:
    command = context.command
    urls = [(service.title, service.url) for service in services if not service.is_frontend]
    hints = [
        ("all commands", f"{command} --help"),
        ("status", f"{command} status"),
        ("stop", "Ctrl-C" if stay else f"{command} down"),
    ]
    for frontend in (service for service in services if service.is_frontend):
        terminal.say()
        blog = ("the blog", terminal.bold(terminal.paint(frontend.url, 36)))
        terminal.table([(f"{what:24}", how) for what, how in [blog, *_pages(context, frontend)]])
    for rows in (urls, [(what, terminal.dim(how)) for what, how in hints]):
        terminal.say()
        terminal.table([(f"{what:24}", how) for what, how in rows])
    terminal.say()


def _page(services: Sequence[Service]) -> str:
    pages = [service for service in services if service.is_frontend]
    return [*pages, *(service for service in services if not service.is_engine)][0].url


def _has_display() -> bool:
    seen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(seen) and terminal.is_terminal()


def _pages(context: Context, frontend: Service) -> list[tuple[str, str]]:
    """Each role's page, with its local token. A token that was given is somebody's secret: the page asks for it."""

    def fragment(role: str) -> str:
        token = "" if context.given_token(role) else context.local_token(role)
        return token and f"#{role}={token}"

    return [(title, f"{frontend.url}{path}{fragment(role)}") for role, (title, path) in PAGES.items()]
