"""The system as it runs in a cluster: people come through the Ingress, what befalls it comes from kubectl."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import yaml
from launcher.make import keys
from launcher.project import DEFAULT_PORT_BASE, load

from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.system import Json, System

URL = os.environ.get("BLOGBUS_URL", "http://localhost").rstrip("/")
NAMESPACE = "blogbus-test"
BASE, PRODUCTION = "base", "overlays/production"
HEALED_WITHIN = 600.0
"""seconds in which a workload has all its pods again, on a small machine"""


class Deployed(System):
    def __init__(self, overlay: str, checkout: Path) -> None:
        self._overlay = checkout / "infra" / "k8s" / overlay
        self._checkout = checkout
        _copy_manifests(checkout)
        self._project = load(checkout, DEFAULT_PORT_BASE)
        self.names = self._project.names
        self.replicated = overlay != BASE
        self._posts = URL

    def url(self, service: str, path: str = "") -> str:
        """Everybody comes through the Ingress, but to posts through its NodePort, where it has one."""
        return f"{self._posts if service == 'posts' else URL}{path}"

    def bearer(self, role: str) -> dict[str, str]:  # type: ignore[override]  # nothing to keep
        return {"Authorization": f"Bearer {self.token(role)}"}

    def token(self, role: str) -> str:
        return keys.read(self._project, keys.TOKENS)[f"{role.upper()}_TOKEN"]

    def logs(self) -> str:
        pods = ("--selector=app.kubernetes.io/component=service", "--all-containers", "--prefix", "--tail=20")
        return f"{kubectl('get', 'pods')}\n{kubectl('logs', *pods, '--ignore-errors', '--max-log-requests=50')}"

    # --- what befalls it

    def claim(self) -> None:
        """The namespace, if nobody has it, and nobody the routes."""
        others = json.loads(kubectl("get", "ingress", "--all-namespaces", "--output=json"))["items"]
        taken = [each["metadata"]["namespace"] for each in others if each["metadata"]["name"] == "blogbus"]
        assert taken == [], f"The routes lead to namespace {taken[0]}: delete its Ingress `blogbus` first."
        kubectl("create", "namespace", NAMESPACE)

    def up(self) -> None:
        self.keys()
        self.deploy()

    def down(self) -> None:
        """Nothing is left, nor any volume."""
        kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", f"--timeout={HEALED_WITHIN:.0f}s")

    def keys(self, *options: str) -> None:
        manage = [sys.executable, str(self._checkout / "manage_all.py"), "keys", *options]
        subprocess.run(manage, check=True)

    def deploy(self) -> None:
        """What the manifests say, as far as this server knows it, and then it runs."""
        known = set(kubectl("api-versions").split())
        objects = list(yaml.safe_load_all(kubectl("kustomize", str(self._overlay))))
        # Its fields are validated by infra's tests, against newer releases than this server may be.
        text = yaml.safe_dump_all(each for each in objects if each["apiVersion"] in known)
        kubectl("apply", "--validate=false", "--filename=-", given=text)
        for each in objects:
            if each["kind"] == "HorizontalPodAutoscaler" and each["apiVersion"] not in known:
                target = each["spec"]["scaleTargetRef"]["name"]
                kubectl("scale", f"deployment/{target}", f"--replicas={each['spec']['minReplicas']}")
        for workload in self.workloads():
            self.healed(workload)
        if not self.replicated:
            port = kubectl("get", "service", "posts-srv", "--output=jsonpath={.spec.ports[0].nodePort}")
            self._posts = f"http://{urlsplit(URL).hostname}:{port}"
        # The Ingress and the NodePort hear of a new pod a moment after the pod is ready.
        doors = [URL + path for path in ("/", "/posts", "/posts/x/comments")] + [self.url("posts", "/posts/x")]
        self.eventually(lambda: max(map(_status, doors)) < 500, True, within=HEALED_WITHIN)

    def workloads(self) -> list[str]:
        """Deployments and StatefulSets, as deployment/posts-depl."""
        items = json.loads(kubectl("get", "deployments,statefulsets", "--output=json"))["items"]
        return [f"{item['kind'].lower()}/{item['metadata']['name']}" for item in items]

    def delete_pods(self, workload: str) -> float:
        """All pods of a workload at once; the seconds until it was whole again, by itself."""
        began = time.monotonic()
        before = self._uids(workload)
        # To wait for a stateful pod, which comes back with its name, kubectl may take for ever.
        kubectl("delete", "pods", f"--selector={self._selector(workload)}", "--wait=false")
        self.eventually(lambda: before & self._uids(workload), set(), within=HEALED_WITHIN, every=0.5)
        return self.healed(workload, began)

    def _uids(self, workload: str) -> set[str]:
        return {pod["metadata"]["uid"] for pod in self.pods(workload)}

    def pods(self, workload: str) -> list[Json]:
        found: list[Json] = json.loads(
            kubectl("get", "pods", f"--selector={self._selector(workload)}", "--output=json")
        )["items"]
        return found

    def roll(self, workload: str) -> float:
        """Replace its pods as an update does; the seconds that took."""
        began = time.monotonic()
        kubectl("rollout", "restart", workload)
        return self.healed(workload, began)

    def healed(self, workload: str, since: float | None = None) -> float:
        began = time.monotonic() if since is None else since
        kubectl("rollout", "status", workload, f"--timeout={HEALED_WITHIN:.0f}s")
        return time.monotonic() - began

    def _selector(self, workload: str) -> str:
        spec: dict[str, Any] = json.loads(kubectl("get", workload, "--output=json"))["spec"]
        return ",".join(f"{key}={value}" for key, value in spec["selector"]["matchLabels"].items())


def _status(url: str) -> int:
    """599: there was no answer."""
    try:
        return call("GET", url).status_code
    except requests.RequestException:
        return 599


def _copy_manifests(checkout: Path) -> None:
    """Keys of their own are made there: those of the working tree have no part in the tests."""
    shutil.copytree(ROOT / "infra" / "k8s", checkout / "infra" / "k8s", ignore=shutil.ignore_patterns("secrets"))
    for name in ("manage_all.py", "services.json"):
        shutil.copy(ROOT / name, checkout)
    for name in ("launcher", "contracts"):
        (checkout / name).symlink_to(ROOT / name)


def kubectl(*arguments: str, given: str | None = None) -> str:
    """What it printed, in the tests' namespace. Raises AssertionError, with what it complained of, where it failed."""
    done = subprocess.run(
        ["kubectl", "--namespace", NAMESPACE, *arguments],
        input=given or "",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"kubectl {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout
