"""Adds a service to the manifests, skaffold.yaml and compose.yaml: a copy of what they say of another."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from launcher.project import Problem

K8S = Path("infra") / "k8s"
BASE, COMPONENTS = K8S / "base", K8S / "components"
# The parts of each file about the model alone: lines, blocks, an entry in a list.
PARTS = {
    BASE / "kustomization.yaml": r"^  - .*\bMODEL\b.*\n",
    BASE / "event-bus.yaml": r"\bMODEL-srv,",
    COMPONENTS / "databases" / "kustomization.yaml": r"^  - .*\bMODEL\b.*\n",
    COMPONENTS / "monitoring" / "alerts.yaml": r"\bMODEL\|",
    COMPONENTS / "network-policies" / "policies.yaml": r"\bMODEL, ",
    COMPONENTS / "replicas" / "kustomization.yaml": r"^  - .*\bMODEL\b.*\n",
    Path("compose.yaml"): r"^  MODEL:\n(?:    .+\n)*\n?|\bMODEL,",
    Path("skaffold.yaml"): r"^    - image: blogbus-MODEL\n(?:      .*\n)+|^  - .*\bMODEL-srv\b.*\n",
}


class Model(NamedTuple):
    """The service that a new one is deployed like."""

    name: str
    port: int

    @property
    def files(self) -> tuple[Path, Path]:
        """About it alone: the new service gets a copy."""
        return BASE / f"{self.name}.yaml", COMPONENTS / "replicas" / f"{self.name}.yaml"


def model_of(root: Path) -> Model:
    """The first service that a cluster knows by its own name: comments, of the blog's. Raises Problem."""
    table = json.loads((root / "services.json").read_text())
    for name, row in table.items():
        if row["kubernetes"] == f"{name}-srv" and (root / BASE / f"{name}.yaml").exists():
            return Model(name, row["port"])
    what = "There is no service left whose manifests could be copied."
    raise Problem(what, "Create your own services first, and delete the blog's after that (docs/adopt.md).")


def with_service(root: Path, name: str, port: int) -> dict[Path, str]:
    """The new text of each file; none in a checkout without manifests. Raises Problem."""
    if not (root / BASE).is_dir():
        return {}
    model, texts = model_of(root), {}
    for file, part in PARTS.items():
        texts[root / file] = _doubled((root / file).read_text(), part.replace("MODEL", model.name), model, name, port)
    for file in model.files:
        text = re.sub(r"\A(#.*\n)+", "", (root / file).read_text())
        texts[root / file.with_name(f"{_dashed(name)}.yaml")] = _own(text, model, name, port)
    return texts


def _doubled(text: str, part: str, model: Model, name: str, port: int) -> str:
    """The text with a part for the new service after each part about the model."""
    return re.sub(part, lambda found: found[0] + _own(found[0], model, name, port), text, flags=re.M)


def _own(text: str, model: Model, name: str, port: int) -> str:
    """A part with the new name. Names of hosts and Kubernetes objects have no underscores."""

    def other(found: re.Match[str]) -> str:
        if found["port"]:
            return str(port)
        return found[0].replace(model.name, name if found["named"] else _dashed(name))

    named = rf"(?P<named>(blogbus-|SERVICE: |secrets/|\w+_svc/){model.name})|(?P<port>{model.port})|{model.name}"
    return re.sub(named, other, text)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
