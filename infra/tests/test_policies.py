"""What every manifest must say, whoever wrote it."""

from collections.abc import Iterator

import kubernetes_validate
import pytest
import yaml
from conftest import ROOT, Object

OLDEST, NEWEST = "1.25", "1.37"
"""Kubernetes whose schemas are at hand"""
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


@pytest.fixture(params=["base", "local", "production"])
def objects(request: pytest.FixtureRequest) -> list[Object]:
    found: list[Object] = request.getfixturevalue(request.param)
    return found


def pods(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """Each workload's pod."""
    for each in objects:
        if each["kind"] in ("Deployment", "StatefulSet"):
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def containers(objects: list[Object]) -> Iterator[tuple[str, Object, Object]]:
    """Its name, its pod, itself; those that only prepare, too."""
    for name, pod in pods(objects):
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            yield f"{name}/{container['name']}", pod, container


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_knows_every_field(objects: list[Object], version: str) -> None:
    by_hand = yaml.safe_load((ROOT / "infra/k8s/old/posts.yaml").read_text())
    for each in [*objects, by_hand]:
        kubernetes_validate.validate(each, version, strict=True)


def test_no_container_may_be_root_or_become_more_than_it_is(objects: list[Object]) -> None:
    for name, pod, container in containers(objects):
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False, name
        assert context["capabilities"] == {"drop": ["ALL"]}, name


def test_nothing_is_written_but_to_volumes(base: list[Object], production: list[Object]) -> None:
    for name, _, container in containers([*base, *production]):
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]], name


def test_every_container_asks_for_what_it_needs_and_gets_no_more_than_its_limit(objects: list[Object]) -> None:
    for name, _, container in containers(objects):
        assert {key: set(value) for key, value in container["resources"].items()} == {
            "requests": {"cpu", "memory"},
            "limits": {"cpu", "memory"},
        }, name


def test_every_server_is_probed(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        for container in pod["containers"]:
            assert [probe for probe in PROBES if not {"httpGet", "exec"} & set(container.get(probe, {}))] == [], name


def test_no_pod_holds_a_token_of_the_cluster(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False), name
        assert pod["terminationGracePeriodSeconds"] > 5, name


def test_images_have_a_tag_that_is_not_pulled_again(objects: list[Object]) -> None:
    for name, _, container in containers(objects):
        assert container["image"].partition(":")[2] not in ("", "latest"), name
        assert container["imagePullPolicy"] == "IfNotPresent", name


IN_PRODUCTION = {"DATABASE_URL", "EVENTBUS_LOG", "POSTGRES_PASSWORD", "NATS_PASSWORD", "NATS_ROUTES_PASSWORD"}
ROLES = {"eventbus", "posts", "comments", "moderation", "query"}


def test_what_is_secret_is_in_secrets_only(objects: list[Object], request: pytest.FixtureRequest) -> None:
    secrets = {name for each in objects if each["kind"] == "Secret" for name in each["data"]}
    more = IN_PRODUCTION | ROLES if request.node.callspec.params["objects"] == "production" else set()
    assert secrets == more | {"SECRET_KEY", "EVENTS_SECRET", "EVENTS_PEER_SECRETS", "OPERATOR_TOKEN", "MODERATOR_TOKEN"}
    in_the_open = {name for each in objects if each["kind"] == "ConfigMap" for name in each["data"]}
    for _, _, container in containers(objects):
        in_the_open |= {variable["name"] for variable in container.get("env", []) if "value" in variable}
    assert in_the_open & secrets == set()
