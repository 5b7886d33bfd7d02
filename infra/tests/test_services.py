"""Manifests, Ingress, compose.yaml and skaffold.yaml say what the table of services says."""

import json
import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Object
from launcher.make import images
from launcher.project import Project

TABLE = json.loads((ROOT / "services.json").read_text())
ROLES = {"eventbus", "moderation"}
"""the services that ask for a token"""
BACKENDS = [name for name in TABLE if name != "frontend"]


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def dashed(name: str) -> str:
    """Hosts and objects of Kubernetes have no underscores in their names."""
    return name.replace("_", "-")


def deployment(objects: list[Object], name: str) -> Object:
    """The one that the service's Service leads to."""
    service = of_kind(objects, "Service").get(TABLE[name]["kubernetes"])
    assert service, f"infra/k8s/base has no Service {TABLE[name]['kubernetes']} for {name} of services.json"
    labels = service["spec"]["selector"].items()
    every = of_kind(objects, "Deployment").values()
    found = [each for each in every if labels <= each["spec"]["template"]["metadata"]["labels"].items()]
    assert len(found) == 1, f"{len(found)} Deployments have the labels {dict(labels)}"
    return found[0]


@pytest.mark.parametrize("name", TABLE)
def test_a_service_is_reached_by_its_name_and_port(base: list[Object], name: str) -> None:
    [container] = deployment(base, name)["spec"]["template"]["spec"]["containers"]
    [port] = of_kind(base, "Service")[TABLE[name]["kubernetes"]]["spec"]["ports"]
    assert container["image"] == f"blogbus-{name}:dev"
    assert port == {"name": "http", "port": TABLE[name]["port"], "targetPort": "http"}
    assert container["ports"] == [{"name": "http", "containerPort": TABLE[name]["port"]}]


@pytest.mark.parametrize("name", BACKENDS)
def test_a_python_service_knows_its_address_keeps_its_data_and_has_its_keys(base: list[Object], name: str) -> None:
    spec = deployment(base, name)["spec"]
    pod, port = spec["template"]["spec"], TABLE[name]["port"]
    [migrate], [service] = pod["initContainers"], pod["containers"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert service["args"] == ["--bind", f"0.0.0.0:{port}"]
    assert {"name": "SERVICE_URL", "value": f"http://{TABLE[name]['kubernetes']}:{port}"} in service["env"]
    assert (migrate["image"], migrate["envFrom"]) == (service["image"], service["envFrom"])
    # Their names end in a hash of their content.
    sources = [next(iter(source.values()))["name"].rpartition("-")[0] for source in service["envFrom"]]
    tokens = ["tokens"] if name in ROLES else []
    assert sources == ["settings", *tokens, f"{dashed(name)}-keys"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": f"{dashed(name)}-data"}} in pod["volumes"]
    assert f"{dashed(name)}-data" in of_kind(base, "PersistentVolumeClaim")


def test_the_bus_is_where_all_look_for_it_and_delivers_to_all_services_and_nobody_else(base: list[Object]) -> None:
    [bus] = deployment(base, "eventbus")["spec"]["template"]["spec"]["containers"]
    given = {variable["name"]: variable["value"] for variable in bus["env"]}
    wanted = [TABLE[name]["kubernetes"] for name in BACKENDS if name != "eventbus"]
    assert sorted(given["EVENTBUS_ALLOWED_HOSTS"].split(",")) == sorted(wanted)
    [settings] = of_kind(base, "ConfigMap").values()
    assert settings["data"]["EVENTBUS_URL"] == given["SERVICE_URL"]


def test_posts_has_a_way_in_of_its_own(base: list[Object]) -> None:
    nodeport = of_kind(base, "Service")["posts-srv"]["spec"]
    assert (nodeport["type"], nodeport["ports"][0]["port"]) == ("NodePort", TABLE["posts"]["port"])
    assert nodeport["selector"] == of_kind(base, "Service")[TABLE["posts"]["kubernetes"]]["spec"]["selector"]


def test_compose_runs_every_service() -> None:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(composed) == {*map(dashed, TABLE), "gateway"}
    for name in BACKENDS:
        service, port = composed[dashed(name)], TABLE[name]["port"]
        given = service["environment"]
        assert (given["PORT"], given["SERVICE_URL"]) == (port, f"http://{dashed(name)}:{port}")
        assert service["build"]["args"] == {"SERVICE": name}
        tokens = ["infra/k8s/base/secrets/tokens.env"] if name in ROLES else []
        assert service["env_file"] == [*tokens, f"infra/k8s/base/secrets/{name}.env"]
    hosts = composed["eventbus"]["environment"]["EVENTBUS_ALLOWED_HOSTS"].split(",")
    assert sorted(hosts) == sorted(dashed(name) for name in BACKENDS if name != "eventbus")


@pytest.fixture(scope="module")
def skaffold() -> Object:
    config: Object = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
    return config


def test_skaffold_builds_and_forwards_every_service(project: Project, skaffold: Object) -> None:
    artifacts = {each["image"]: each["docker"] for each in skaffold["build"]["artifacts"]}
    assert set(artifacts) == {images.repository(service) for service in project.services}
    for service in project.services:
        docker = artifacts[images.repository(service)]
        assert docker["dockerfile"] == images.recipe(service)
        assert docker.get("buildArgs") == (None if service.is_frontend else {"SERVICE": service.name})
        assert re.search(rf"^FROM \S+ AS {docker['target']}$", (ROOT / docker["dockerfile"]).read_text(), re.M)
    forwarded = {(each["resourceName"], each["port"]) for each in skaffold["portForward"]}
    assert forwarded == {(row["kubernetes"], row["port"]) for row in TABLE.values()}
    assert skaffold["manifests"]["kustomize"]["paths"] == ["infra/k8s/overlays/local"]


@pytest.mark.parametrize("name", BACKENDS)
def test_skaffold_carries_every_source_of_a_service_into_its_pod(skaffold: Object, name: str) -> None:
    """But migrations and commands: those take effect with a new pod."""
    [artifact] = [each for each in skaffold["build"]["artifacts"] if each["image"] == f"blogbus-{name}"]
    folders = {str(Path(rule["src"]).parent) for rule in artifact["sync"]["manual"]}
    sources = (file.relative_to(ROOT) for file in (ROOT / f"{name}_svc" / name).rglob("*.py"))
    carried = (file for file in sources if not {"migrations", "management"} & set(file.parts))
    assert {str(file.parent) for file in carried} - folders == set()
