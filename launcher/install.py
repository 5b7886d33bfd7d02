"""What is made before anything runs: virtual environment, Node, frontend; each only when its inputs changed."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from launcher import node
from launcher.preflight import NEEDED_PYTHON
from launcher.project import Project
from launcher.serving import Command
from launcher.stamps import Stamp
from launcher.steps import Step

MADE = {"node_modules", "dist", "screenshots"}
OFFLINE = "It needs the internet (behind a proxy: HTTPS_PROXY). The same command again goes on where this one stopped."


def python_steps(project: Project, requirements: str) -> list[Step]:
    """The virtual environment with what that requirements file lists."""
    steps = []
    if not _venv_version(project):
        making = (sys.executable, "-m", "venv", "--clear", ".venv")
        steps.append(Step("Virtual environment", [_command(project.root, *making)]))
    stamp = python_stamp(project, requirements)
    if not stamp.holds:
        steps.append(Step("Python packages", [_pip(project, "-r", requirements)], stamp.press, OFFLINE))
    return steps


def node_steps(project: Project) -> list[Step]:
    """Node from a wheel, on a machine that has none."""
    if node.version(node.search_path(project.root)):
        return []
    return [Step("Node.js", [_pip(project, node.WHEEL)], lambda: node.put_on_path(project.root), OFFLINE)]


def frontend_steps(project: Project, build: bool) -> list[Step]:
    """The frontend's packages and, unless the development server makes it itself, its build."""
    folder = project.root / "frontend"
    packages, product = packages_stamp(project), build_stamp(project)
    steps = []
    if not packages.holds:
        install = _command(
            folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", path=node.search_path(project.root)
        )
        steps.append(Step("Frontend packages", [install], packages.press, OFFLINE))
    if build and (steps or not product.holds):
        making = _command(folder, "npm", "run", "build", path=node.search_path(project.root))
        steps.append(Step("Frontend build", [making], product.press))
    return steps


def python_stamp(project: Project, requirements: str) -> Stamp:
    """Moving the checkout counts as a change, as the environment holds absolute paths."""
    files = tuple(_requirement_files(project.root, requirements))
    more = f"{_venv_version(project) or sys.version.split()[0]} {project.root}"
    return Stamp(project.root / ".venv" / f".{requirements}.stamp", files, more)


def packages_stamp(project: Project) -> Stamp:
    folder = project.root / "frontend"
    return Stamp(folder / "node_modules" / ".packages.stamp", (folder / "package.json", folder / "package-lock.json"))


def build_stamp(project: Project) -> Stamp:
    folder = project.root / "frontend"
    sources = sorted(each for each in folder.iterdir() if each.name not in MADE) if folder.is_dir() else []
    routes = project.root / "infra" / "k8s" / "base" / "ingress.yaml"
    return Stamp(folder / "dist" / ".build.stamp", (*sources, routes))


def _venv_version(project: Project) -> str:
    """Its Python's version, or empty when there is no environment or none that can be used."""
    settings = project.root / ".venv" / "pyvenv.cfg"
    # pip comes last: without it the making was cut short.
    if not all(file.exists() for file in (settings, project.python, project.python.with_name("pip"))):
        return ""
    found = re.search(r"^version\s*=\s*(\d+)\.(\d+)(\S*)", settings.read_text(), re.M)
    return f"{found[1]}.{found[2]}{found[3]}" if found and _new_enough(found) else ""


def _new_enough(found: re.Match[str]) -> bool:
    return (int(found[1]), int(found[2])) >= NEEDED_PYTHON


def _requirement_files(root: Path, name: str) -> list[Path]:
    """The file, those that it includes, and the pyproject.toml of our own packages in it."""
    text = (root / name).read_text()
    included = [file for more in re.findall(r"^-r (\S+)", text, re.M) for file in _requirement_files(root, more)]
    packages = [root / package / "pyproject.toml" for package in re.findall(r"^-e (\S+)", text, re.M)]
    return [root / name, *included, *packages]


def _pip(project: Project, *what: str) -> Command:
    pip = (str(project.python), "-m", "pip", "install", "--disable-pip-version-check", *what)
    return _command(project.root, *pip)


def _command(folder: Path, *argv: str, path: str = "") -> Command:
    return Command(argv, folder, {**os.environ, **({"PATH": path} if path else {})})
