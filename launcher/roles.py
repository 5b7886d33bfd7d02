"""The two roles that people have here: their tokens, and the pages that open with them."""

from __future__ import annotations

import os
from pathlib import Path

from launcher.context import Context
from launcher.project import Service

PAGES = {"operator": ("the flow of events", "/flow"), "moderator": ("the moderator's desk", "/moderate")}


def given_token(context: Context, role: str) -> str:
    """The environment's, or empty."""
    variable = f"{role.upper()}_TOKEN"
    return os.environ.get(variable) or context.environ.get(variable) or ""


def local_token(context: Context, role: str) -> str:
    """The one that the services made for themselves, or empty."""
    file: Path = context.project.run_dir / "secrets" / f"{role}-token"
    return file.read_text().strip() if file.exists() else ""


def pages(context: Context, frontend: Service) -> list[tuple[str, str]]:
    """Each role's page, with the local token in it. One that was given is somebody's secret: the page asks for it."""
    return [(title, f"{frontend.url}{path}{_fragment(context, role)}") for role, (title, path) in PAGES.items()]


def _fragment(context: Context, role: str) -> str:
    token = "" if given_token(context, role) else local_token(context, role)
    return token and f"#{role}={token}"
