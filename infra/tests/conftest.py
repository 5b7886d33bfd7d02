"""The manifests as they are applied: rendered by kustomize, with keys made for the occasion."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from launcher.make import keys
from launcher.project import DEFAULT_PORT_BASE, Project, load

ROOT = Path(__file__).parents[2]
Object = dict[str, Any]


@pytest.fixture(scope="session")
def project() -> Project:
    return load(ROOT, DEFAULT_PORT_BASE)


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the manifests; a checkout's own keys have no part in it."""
    copy = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("secrets")
    shutil.copytree(ROOT / "infra" / "k8s", copy / "infra" / "k8s", ignore=ignored)
    shutil.copy(ROOT / "services.json", copy)
    keys.make_missing(load(copy, DEFAULT_PORT_BASE))
    return copy / "infra" / "k8s"


@pytest.fixture(scope="session")
def base(tree: Path) -> list[Object]:
    return render(tree / "base")


@pytest.fixture(scope="session")
def local(tree: Path) -> list[Object]:
    return render(tree / "overlays" / "local")


@pytest.fixture(scope="session")
def production(tree: Path) -> list[Object]:
    return render(tree / "overlays" / "production")


@pytest.fixture(scope="session")
def everything(tree: Path) -> list[Object]:
    """Production with every component that there is."""
    components = [f"../../components/{each.name}" for each in sorted((tree / "components").iterdir())]
    text = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": ["../../base"]}
    folder = tree / "overlays" / "everything"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({**text, "components": components}))
    return render(folder)


def render(folder: Path) -> list[Object]:
    command = ["kustomize", "build"] if shutil.which("kustomize") else ["kubectl", "kustomize"]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))
