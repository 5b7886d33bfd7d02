"""`GET /healthz`: alive. `GET /readyz`: ready, or the reason why not."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from svc_chassis.database.ownership import ForeignDatabase
from svc_chassis.web.problems import Unavailable, problem, safe

Warnings = Callable[[], list[str]]

_warnings: list[Warnings] = []


def warns(source: Warnings) -> Warnings:
    """A decorator: what `source` returns stands in the `warnings` of `/readyz`. It may ask the database, and raise
    Unavailable."""
    _warnings.append(source)
    return source


@safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive", "service": settings.SERVICE_NAME})


@safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready without the bus too: what is written meanwhile waits in the outbox, and `warnings` says so."""
    try:
        if missing := _missing_migrations():
            return problem(503, f"The database lacks migrations ({missing}): run manage.py migrate.")
        warnings = [warning for source in _warnings for warning in source()]
    except ForeignDatabase as foreign:
        return problem(503, str(foreign))
    except Unavailable as error:
        return problem(503, str(error))
    except (DatabaseError, InterfaceError) as error:
        return problem(503, f"The database is not available: {error}")
    return JsonResponse({"status": "ready", "service": settings.SERVICE_NAME, "warnings": warnings})


def _missing_migrations() -> str:
    """Asked anew until there are none; then the answer can't change while this process lives."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return ", ".join(str(migration) for migration, _ in plan)
        _migrated = True
    return ""


_migrated = False
