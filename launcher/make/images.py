"""`images`: builds one container image per service."""

from __future__ import annotations

import os
import shutil
import subprocess

from launcher.context import Context
from launcher.project import Problem, Project, Service
from launcher.setup import steps
from launcher.setup.steps import Command, Step


def images(context: Context, tag: str) -> int:
    """Build all images; shared layers are built once."""
    project = context.project
    if not shutil.which("docker"):
        raise Problem("docker is not installed.", "Install it, or a compatible client with that name.")
    revision = _revision(project)
    chain = [
        Step(repository(each), [_build(project, each, f"{repository(each)}:{tag}", revision)])
        for each in project.services
    ]
    steps.run([chain], project.run_dir / "logs", context.interrupts)
    return 0


def repository(service: Service) -> str:
    """The image's name, without its tag."""
    return f"blogbus-{service.name}"


def recipe(service: Service) -> str:
    """Its Dockerfile."""
    return f"infra/docker/{'frontend' if service.is_frontend else 'service'}.Dockerfile"


def _build(project: Project, service: Service, image: str, revision: str) -> Command:
    arguments = {"VERSION": image.partition(":")[2], "REVISION": revision} | (
        {} if service.is_frontend else {"SERVICE": service.name}
    )
    given = [word for variable, value in arguments.items() for word in ("--build-arg", f"{variable}={value}")]
    argv = ("docker", "build", "-f", recipe(service), *given, "-t", image, ".")
    return Command(argv, project.root, os.environ)


def _revision(project: Project) -> str:
    """The commit, or `unknown`."""
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    done = subprocess.run(asked, cwd=project.root, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
