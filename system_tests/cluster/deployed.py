"""The system as it runs in a cluster: people come through the Ingress, what befalls it comes from kubectl."""

import json
import os
import subprocess
import time
from typing import Any
from urllib.parse import urlsplit

from launcher.make import keys
from launcher.project import DEFAULT_PORT_BASE, load

from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.system import System

URL = os.environ.get("BLOGBUS_URL", "http://localhost").rstrip("/")
BASE = ROOT / "infra" / "k8s" / "base"
HEALED_WITHIN = 180.0
"""seconds in which a Deployment has its pod again"""


class Deployed(System):
    def __init__(self) -> None:
        self._project = load(ROOT, DEFAULT_PORT_BASE)
        self.names = self._project.names
        self._posts = f"http://{urlsplit(URL).hostname}"

    def url(self, service: str, path: str = "") -> str:
        """Everybody comes through the Ingress, but to posts through its NodePort."""
        return f"{self._posts if service == 'posts' else URL}{path}"

    def bearer(self, role: str) -> dict[str, str]:  # type: ignore[override]  # nothing to keep
        return {"Authorization": f"Bearer {keys.read(self._project, keys.TOKENS)[f'{role.upper()}_TOKEN']}"}

    def logs(self) -> str:
        pods = ("--selector=app.kubernetes.io/component=service", "--all-containers", "--prefix", "--tail=20")
        return f"{kubectl('get', 'pods')}\n{kubectl('logs', *pods)}"

    # --- what befalls it

    def deploy(self) -> None:
        """What the manifests say, and then it runs."""
        kubectl("apply", "-k", str(BASE))
        for name in self.deployments():
            self.healed(name)
        port = kubectl("get", "service", "posts-srv", "--output=jsonpath={.spec.ports[0].nodePort}")
        self._posts = f"http://{urlsplit(URL).hostname}:{port}"
        # The Ingress hears of a new pod a moment after the pod is ready.
        for path in ("/", "/posts", "/posts/x/comments"):
            self.eventually(lambda path=path: call("GET", URL + path).status_code < 500, True)  # type: ignore[misc]

    def deployments(self) -> list[str]:
        ours = ("--selector=app.kubernetes.io/part-of=blogbus", "--output=json")
        return [item["metadata"]["name"] for item in json.loads(kubectl("get", "deployments", *ours))["items"]]

    def delete_pods(self, deployment: str) -> float:
        """All pods of a Deployment at once; the seconds until it was whole again, by itself."""
        labels: dict[str, Any] = json.loads(kubectl("get", "deployment", deployment, "--output=json"))["spec"]
        selector = ",".join(f"{key}={value}" for key, value in labels["selector"]["matchLabels"].items())
        began = time.monotonic()
        kubectl("delete", "pods", f"--selector={selector}")
        return self.healed(deployment, began)

    def roll(self, deployment: str) -> float:
        """Replace its pods as an update does; the seconds that took."""
        began = time.monotonic()
        kubectl("rollout", "restart", f"deployment/{deployment}")
        return self.healed(deployment, began)

    def healed(self, deployment: str, since: float | None = None) -> float:
        began = time.monotonic() if since is None else since
        kubectl("rollout", "status", f"deployment/{deployment}", f"--timeout={HEALED_WITHIN:.0f}s")
        return time.monotonic() - began


def kubectl(*arguments: str) -> str:
    """What it printed. Raises AssertionError, with what it complained of, where it failed."""
    done = subprocess.run(
        ["kubectl", *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"kubectl {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout
