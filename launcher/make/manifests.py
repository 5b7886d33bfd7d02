"""Adds a service to the manifests, skaffold.yaml and compose.yaml: a copy of what they say of comments."""

from __future__ import annotations

import re
from pathlib import Path

MODEL = "comments"
K8S = Path("infra") / "k8s"
BASE, COMPONENTS = K8S / "base", K8S / "components"
# Files about comments alone, which the new service gets a copy of.
OWN = (BASE / f"{MODEL}.yaml", COMPONENTS / "replicas" / f"{MODEL}.yaml")
# The parts of each file about comments: lines, blocks, an entry in a list.
PARTS = {
    BASE / "kustomization.yaml": r"^  - .*\bcomments\b.*\n",
    BASE / "event-bus.yaml": r"\bcomments-srv,",
    COMPONENTS / "databases" / "kustomization.yaml": r"^  - .*\bcomments\b.*\n",
    COMPONENTS / "monitoring" / "alerts.yaml": r"\bcomments\|",
    COMPONENTS / "network-policies" / "policies.yaml": r"\bcomments, ",
    COMPONENTS / "replicas" / "kustomization.yaml": r"^  - .*\bcomments\b.*\n",
    Path("compose.yaml"): r"^  comments:\n(?:    .+\n)*\n?|\bcomments,",
    Path("skaffold.yaml"): r"^    - image: blogbus-comments\n(?:      .*\n)+|^  - .*\bcomments-srv\b.*\n",
}


def with_service(root: Path, name: str, port: int) -> dict[Path, str]:
    """The new text of each file; none in a checkout without manifests."""
    if not (root / BASE).is_dir():
        return {}
    texts = {root / file: _doubled((root / file).read_text(), part, name, port) for file, part in PARTS.items()}
    for model in OWN:
        text = re.sub(r"\A(#.*\n)+", "", (root / model).read_text())
        texts[root / model.with_name(f"{_dashed(name)}.yaml")] = _own(text, name, port)
    return texts


def _doubled(text: str, part: str, name: str, port: int) -> str:
    """The text with a part for the new service after each part about comments."""
    return re.sub(part, lambda found: found[0] + _own(found[0], name, port), text, flags=re.M)


def _own(text: str, name: str, port: int) -> str:
    """A part with the new name. Names of hosts and Kubernetes objects have no underscores."""

    def other(found: re.Match[str]) -> str:
        if found["port"]:
            return str(port)
        return found[0].replace(MODEL, name if found["named"] else _dashed(name))

    return re.sub(r"(?P<named>(blogbus-|SERVICE: |secrets/|\w+_svc/)comments)|(?P<port>4001)|comments", other, text)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
