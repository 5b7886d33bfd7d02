"""Where a service can have several pods, an update is not noticed; where it can't, a second one says why."""

import threading
from collections.abc import Callable
from time import monotonic, sleep
from uuid import uuid4

import pytest
import requests

from system_tests.cluster.deployed import BASE, HEALED_WITHIN, PRODUCTION, URL, Deployed, kubectl
from system_tests.harness.http import session

WHY = "Another process serves the SQLite database"
PAUSE = 0.25
"""seconds between two requests of one client, which is below what one address may write"""


@pytest.mark.parametrize("system", [PRODUCTION], indirect=True)
def test_every_deployment_is_updated_and_a_client_that_tries_twice_sees_no_error(
    system: Deployed, measured: Callable[[str], None]
) -> None:
    post = system.post("read during updates")
    system.eventually(lambda: system.shown(post) is not None, True, within=HEALED_WITHIN)
    with Patient("GET", f"/posts/{post['id']}") as reader, Patient("POST", f"/posts/{post['id']}/comments") as writer:
        took = {workload: system.roll(workload) for workload in system.workloads() if workload.startswith("deployment")}
    assert reader.failed + writer.failed == []
    system.eventually(lambda: (system.shown(post) or {}).get("commentCount"), writer.answered, within=HEALED_WITHIN)
    measured(
        f"cluster, updates of {len(took)} Deployments in {sum(took.values()):.0f} s: {reader.answered} reads and "
        f"{writer.answered} writes answered, {reader.again + writer.again} of them by the second try, none failed"
    )


@pytest.mark.parametrize("system", [BASE], indirect=True)
def test_a_second_pod_on_one_sqlite_database_refuses_to_start_and_says_what_to_set(system: Deployed) -> None:
    deployment = "deployment/posts-depl"
    [first] = [pod["metadata"]["name"] for pod in system.pods(deployment)]
    kubectl("scale", deployment, "--replicas=2")

    def said_by_the_second() -> str:
        names = {pod["metadata"]["name"] for pod in system.pods(deployment)} - {first}
        return "".join(kubectl("logs", name, "--container=service") for name in names)

    try:
        system.eventually(lambda: WHY in _quietly(said_by_the_second), True, within=HEALED_WITHIN)
        system.post("written meanwhile")
    finally:
        kubectl("scale", deployment, "--replicas=1")
        system.eventually(lambda: len(system.pods(deployment)), 1, within=HEALED_WITHIN)
    system.healed(deployment)


def _quietly(say: Callable[[], str]) -> str:
    """Empty while the container has not started."""
    try:
        return say()
    except AssertionError:
        return ""


class Patient:
    """A client that sends one request after the other, and tries each one once more."""

    def __init__(self, method: str, path: str) -> None:
        self._method, self._path = method, path
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.answered = self.again = 0
        self.failed: list[str] = []

    def __enter__(self) -> "Patient":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        with session() as http:
            while not self._ending.wait(PAUSE):
                # The second try of a write is recognized by its key.
                headers = {"Idempotency-Key": str(uuid4())}
                first = self._try(http, headers)
                if first:
                    sleep(PAUSE)
                    self.again += 1
                second = first and self._try(http, headers)
                if second:
                    self.failed.append(f"{monotonic():.1f} {self._method} {self._path}: {first}, then {second}")
                else:
                    self.answered += 1

    def _try(self, http: requests.Session, headers: dict[str, str]) -> str:
        """Empty: it was answered 2xx."""
        body = {"content": "hello"} if self._method == "POST" else None
        try:
            answer = http.request(self._method, URL + self._path, json=body, headers=headers, timeout=10)
        except requests.RequestException as error:
            return repr(error)
        return "" if answer.ok else f"{answer.status_code} {answer.text[:200]}"
