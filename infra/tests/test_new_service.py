"""`new-service` deploys what it makes: as comments is, under another name."""

import json
import re
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, render
from launcher.make import keys, manifests, service
from launcher.project import DEFAULT_PORT_BASE, load

NAME, PORT = "two_words", 4009


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "infra", tmp_path / "infra", ignore=shutil.ignore_patterns("secrets", "tests"))
    for name in ("compose.yaml", "skaffold.yaml", "services.json"):
        shutil.copy(ROOT / name, tmp_path)
    for file, text in manifests.with_service(tmp_path, NAME, PORT).items():
        file.write_text(text)
    table = tmp_path / "services.json"
    table.write_text(service.with_row(table.read_text(), NAME, PORT))
    keys.make_missing(load(tmp_path, DEFAULT_PORT_BASE))
    return tmp_path


def plain(part: Any) -> Any:
    """Without what must differ from comments."""
    text = re.sub(r"two[_-]words", "comments", json.dumps(part).replace(str(PORT), "4001"))
    return json.loads(re.sub(r"(-keys)-\w+", r"\1", text))


def test_in_a_cluster(checkout: Path) -> None:
    objects = [each for each in render(checkout / "infra/k8s/base") if each["kind"] != "Secret"]
    names = {each["metadata"]["name"] for each in objects}
    assert {name for name in names if "two" in name} == {"two-words-depl", "two-words-srv", "two-words-data"}
    for each in objects:
        name = each["metadata"]["name"]
        if name.startswith("two-words"):
            model = name.replace("two-words", "comments")
            [like] = [other for other in objects if other["metadata"]["name"] == model]
            assert plain(each) == plain(like)
    assert '"http://two-words-srv:4009"' in json.dumps(objects)
    assert "comments-srv,two-words-srv," in json.dumps(objects)


def test_in_production(checkout: Path) -> None:
    objects = render(checkout / "infra/k8s/overlays/production")
    for kind, model in {"Deployment": "comments-depl", "PodDisruptionBudget": "comments"}.items():
        alike = [each for each in objects if each["kind"] == kind and plain(each["metadata"]["name"]) == model]
        assert len(alike) == 2
        assert plain(alike[0]) == plain(alike[1])
    scaled = [each["spec"]["scaleTargetRef"]["name"] for each in objects if each["kind"] == "HorizontalPodAutoscaler"]
    assert "two-words-depl" in scaled
    secrets = [each for each in objects if each["kind"] == "Secret" and "two_words" in each["data"]]
    assert [each["metadata"]["name"].rpartition("-")[0] for each in secrets] == ["postgres-roles"]
    [url] = [
        each["data"]["DATABASE_URL"]
        for each in objects
        if each["kind"] == "Secret" and each["metadata"]["name"].startswith("two-words-keys")
    ]
    assert b64decode(url).startswith(b"postgres://two_words:")
    assert b64decode(url).endswith(b"@postgres:5432/two_words")
    policies = [json.dumps(each["spec"]) for each in objects if each["kind"] == "NetworkPolicy"]
    assert [text for text in policies if '"comments"' in text and '"two-words"' not in text] == []


def test_with_compose(checkout: Path) -> None:
    composed = yaml.safe_load((checkout / "compose.yaml").read_text())
    services = composed["services"]
    assert plain(services["two-words"]) == services["comments"]
    assert services["two-words"]["image"] == "blogbus-two_words:dev"
    assert "two-words" in services["eventbus"]["environment"]["EVENTBUS_ALLOWED_HOSTS"].split(",")
    assert "two-words" in composed["volumes"]


def test_with_skaffold(checkout: Path) -> None:
    config = yaml.safe_load((checkout / "skaffold.yaml").read_text())
    artifacts = {each["image"]: each for each in config["build"]["artifacts"]}
    assert plain(artifacts["blogbus-two_words"]) == artifacts["blogbus-comments"]
    assert artifacts["blogbus-two_words"]["sync"]["manual"][0]["src"] == "two_words_svc/two_words/*.py"
    assert {"resourceType": "service", "resourceName": "two-words-srv", "port": PORT, "localPort": PORT} in config[
        "portForward"
    ]
