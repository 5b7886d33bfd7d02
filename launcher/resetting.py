"""`reset`: the blog empty again. What was written goes; what was set up stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from launcher import fleet, terminal
from launcher.context import Context
from launcher.problems import Problem
from launcher.project import Project


def reset(context: Context, yes: bool) -> int:
    """Stops everything and deletes databases and logs. Keys and tokens stay: nobody has to paste a new token.

    By name, never the whole run directory: it may be any folder that BLOGBUS_RUN_DIR names.
    """
    project = context.project
    urls = [f"{service.name.upper()}_DATABASE_URL" for service in project.backends]
    if given := [variable for variable in urls if context.environ.get(variable)]:
        raise Problem(f"{given[0]} is set: that data is not ours to delete.", f"Drop it there, or unset {given[0]}.")
    doomed = _doomed(project)
    if not yes:
        names = ", ".join(str(path.relative_to(project.run_dir)) for path in doomed) or "nothing, as there is no data"
        what = f"reset stops everything, and deletes in {project.run_dir}: {names}."
        raise Problem(what, f"{context.command} reset --yes   (keys and tokens stay)")
    with context.changing():
        fleet.stop(project, project.services, context.interrupts)
        for path in _doomed(project):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    terminal.done("reset", f"deleted {len(doomed)} files and folders; keys and tokens stay")
    return 0


def _doomed(project: Project) -> list[Path]:
    databases = [file for name in project.names for file in sorted(project.run_dir.glob(f"{name}.sqlite3*"))]
    logs = project.run_dir / "logs"
    return [*databases, *([logs] if logs.is_dir() else [])]
