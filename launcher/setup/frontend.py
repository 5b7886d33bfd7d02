"""The frontend's packages and its build, and Node from a wheel where the machine has none."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from launcher.project import Project
from launcher.setup import node
from launcher.setup.steps import Stamp, Step
from launcher.setup.venv import command, pip

MADE = {"node_modules", "dist", "screenshots"}
# Options that we rely on, whatever the user's npm settings are; registry, proxy and certificates stay theirs.
NPM = (
    *("--no-audit", "--no-fund", "--update-notifier=false", "--loglevel=error", "--include=dev", "--include=optional"),
    *("--include=peer", "--global=false", "--location=project", "--dry-run=false", "--package-lock=true"),
    *("--package-lock-only=false", "--bin-links=true", "--install-strategy=hoisted", "--ignore-scripts"),
    *("--workspaces=false", "--force=false"),
)


def node_steps(project: Project) -> list[Step]:
    """Node from a wheel, if the machine has none."""
    if node.version(node.search_path(project.root)):
        return []
    return [Step("Node.js", lambda: [pip(project, node.WHEEL)], lambda: node.put_on_path(project.root))]


def frontend_steps(project: Project, build: bool) -> list[Step]:
    """The frontend's packages and, unless the development server is used, its build."""
    folder, product = project.root / "frontend", build_stamp(project)
    steps = packages_steps(project, "frontend", "Frontend packages")
    if build and (steps or not product.holds):
        # Nothing is downloaded here, so no npm settings of the user are needed.
        making = command(folder, "npm", "run", "build", path=node.search_path(project.root))
        isolated = {"npm_config_userconfig": os.devnull, "npm_config_globalconfig": str(folder / ".npmrc-none")}
        making = replace(making, environ={**making.environ, **isolated})
        steps.append(
            Step("Frontend build", [making], product.press, lambda: _not_there(folder / "dist" / "index.html"))
        )
    return steps


def packages_steps(project: Project, name: str, title: str) -> list[Step]:
    """The npm packages of the folder `name`, as its package-lock.json pins them."""
    folder, stamp = project.root / name, packages_stamp(project, name)
    if stamp.holds:
        return []
    install = command(folder, "npm", "ci", *NPM, path=node.search_path(project.root))
    return [Step(title, [install], stamp.press, lambda: _missing_package(folder))]


def _not_there(file: Path) -> str:
    return "" if file.exists() else str(file)


def _missing_package(folder: Path) -> str:
    """The first package of package.json that node_modules does not have."""
    wanted = json.loads((folder / "package.json").read_text())
    names = [*wanted.get("dependencies", {}), *wanted.get("devDependencies", {})]
    return next((name for name in names if not (folder / "node_modules" / name / "package.json").exists()), "")


def packages_stamp(project: Project, name: str = "frontend") -> Stamp:
    folder = project.root / name
    return Stamp(folder / "node_modules" / ".packages.stamp", (folder / "package.json", folder / "package-lock.json"))


def build_stamp(project: Project) -> Stamp:
    folder = project.root / "frontend"
    sources = sorted(each for each in folder.iterdir() if each.name not in MADE) if folder.is_dir() else []
    routes = project.root / "infra" / "k8s" / "base" / "ingress.yaml"
    return Stamp(folder / "dist" / ".build.stamp", (*sources, routes))
