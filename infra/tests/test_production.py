"""What the production overlay and the components add to the base."""

import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from conftest import ROOT, Object
from test_routes import ROWS
from test_services import BACKENDS, TABLE, dashed, deployment, of_kind

COMPONENTS = ROOT / "infra" / "k8s" / "components"


def pod(objects: list[Object], name: str) -> Object:
    found: Object = deployment(objects, name)["spec"]["template"]["spec"]
    return found


def secrets_of(objects: list[Object], name: str) -> dict[str, str]:
    """All secret variables of a service's server."""
    secrets = of_kind(objects, "Secret")
    sources = [source["secretRef"]["name"] for source in pod(objects, name)["containers"][0]["envFrom"][1:]]
    found = {key: value for source in sources for key, value in secrets[source]["data"].items()}
    return {key: b64decode(value).decode() for key, value in found.items()}


@pytest.mark.parametrize("name", BACKENDS)
def test_a_service_has_a_database_of_its_own_in_postgresql_and_no_volume(production: list[Object], name: str) -> None:
    url = urlsplit(secrets_of(production, name)["DATABASE_URL"])
    assert (url.scheme, url.username, url.hostname, url.port, url.path) == (
        "postgres",
        name,
        "postgres",
        5432,
        f"/{name}",
    )
    roles = next(each for key, each in of_kind(production, "Secret").items() if key.startswith("postgres-roles"))
    assert b64decode(roles["data"][name]).decode() == url.password
    assert {"name": "data", "emptyDir": {}} in pod(production, name)["volumes"]
    assert of_kind(production, "PersistentVolumeClaim") == {}


def test_the_bus_alone_knows_the_password_of_its_log(production: list[Object]) -> None:
    log = urlsplit(secrets_of(production, "eventbus")["EVENTBUS_LOG"])
    nats = next(each for key, each in of_kind(production, "Secret").items() if key.startswith("nats-"))
    assert (log.hostname, log.port, log.query) == ("nats", 4222, "partitions=3&replicas=3")
    assert b64decode(nats["data"]["NATS_PASSWORD"]).decode() == log.password
    assert of_kind(production, "StatefulSet")["nats"]["spec"]["replicas"] == 3
    for name in set(BACKENDS) - {"eventbus"}:
        assert "EVENTBUS_LOG" not in secrets_of(production, name)


@pytest.mark.parametrize("password", ["as it is created", "-x"])
def test_nats_itself_understands_its_configuration(production: list[Object], tmp_path: Path, password: str) -> None:
    config = next(each for name, each in of_kind(production, "ConfigMap").items() if name.startswith("nats-config"))
    secret = next(each for name, each in of_kind(production, "Secret").items() if name.startswith("nats-"))
    (tmp_path / "nats.conf").write_text(config["data"]["nats.conf"].replace("/data", str(tmp_path)))
    environ = {name: b64decode(value).decode() for name, value in secret["data"].items()} | {"POD_NAME": "nats-0"}
    [container] = of_kind(production, "StatefulSet")["nats"]["spec"]["template"]["spec"]["containers"]
    routes = {each["name"]: each["value"] for each in container["env"] if "value" in each}
    for name, value in routes.items():
        environ[name] = re.sub(r"\$\((\w+)\)", lambda found: environ[found[1]], value)
    if password != "as it is created":
        environ["NATS_PASSWORD"] = password
    server = Path(sys.executable).with_name("nats-server")
    done = subprocess.run([server, "-t", "-c", tmp_path / "nats.conf"], env=environ, capture_output=True, check=False)
    assert (done.returncode == 0) == (password == "as it is created"), done.stderr


@pytest.mark.parametrize("name", TABLE)
def test_every_deployment_has_two_pods_or_more_on_several_nodes_and_never_fewer(
    production: list[Object], name: str
) -> None:
    found = deployment(production, name)
    labels = found["spec"]["selector"]["matchLabels"]
    strategy = found["spec"]["strategy"]
    assert "replicas" not in found["spec"]
    assert (strategy.get("type", "RollingUpdate"), strategy["rollingUpdate"]["maxUnavailable"]) == ("RollingUpdate", 0)
    spread = found["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    [container] = found["spec"]["template"]["spec"]["containers"]
    assert container["lifecycle"]["preStop"]["exec"]["command"][0] == "sleep"
    [scaler] = [
        each
        for each in of_kind(production, "HorizontalPodAutoscaler").values()
        if each["spec"]["scaleTargetRef"]["name"] == found["metadata"]["name"]
    ]
    assert 2 <= scaler["spec"]["minReplicas"] < scaler["spec"]["maxReplicas"]
    budgets = of_kind(production, "PodDisruptionBudget").values()
    [budget] = [each for each in budgets if each["spec"]["selector"]["matchLabels"] == labels]
    assert budget["spec"]["maxUnavailable"] == 1


def test_a_rotated_signing_key_restarts_neither_postgresql_nor_nats(production: list[Object]) -> None:
    for name, each in of_kind(production, "StatefulSet").items():
        assert "-keys-" not in json.dumps(each), name


def test_nothing_but_the_ingress_leads_in(production: list[Object]) -> None:
    assert {each["spec"].get("type", "ClusterIP") for each in of_kind(production, "Service").values()} == {"ClusterIP"}


# --- network policies

Labels = dict[str, str]


def selects(selector: Object, labels: Labels) -> bool:
    matched = selector.get("matchLabels", {}).items() <= labels.items()
    rules = selector.get("matchExpressions", [])
    assert {rule["operator"] for rule in rules} <= {"In"}
    return matched and all(labels.get(rule["key"]) in rule["values"] for rule in rules)


def may_reach(objects: list[Object]) -> Callable[[str, str, str], bool]:
    """Whether pods of one workload (or of a namespace, as `traefik/`) may connect to a named port of another's."""
    policies = [each["spec"] for each in of_kind(objects, "NetworkPolicy").values()]

    def allowed(source: str, target: str, port: str) -> bool:
        incoming = [
            each
            for each in policies
            if "Ingress" in each["policyTypes"] and selects(each["podSelector"], {"app": target})
        ]
        outgoing = [
            each
            for each in policies
            if "Egress" in each["policyTypes"] and selects(each["podSelector"], {"app": source})
        ]
        assert incoming, f"{target} is open to everybody"
        rules = [rule for each in incoming for rule in each["ingress"] if {"port": port} in rule["ports"]]
        return not outgoing and any(comes_from(peer, source) for rule in rules for peer in rule["from"])

    return allowed


def comes_from(peer: Object, source: str) -> bool:
    namespace, _, app = source.rpartition("/")
    if namespace:
        labels = {"kubernetes.io/metadata.name": namespace}
        return "namespaceSelector" in peer and selects(peer["namespaceSelector"], labels)
    return "podSelector" in peer and selects(peer["podSelector"], {"app": app})


def test_a_pod_is_reached_by_those_who_need_it_and_by_nobody_else(production: list[Object]) -> None:
    allowed = may_reach(production)
    services = [dashed(name) for name in BACKENDS if name != "eventbus"]
    ports = {"client": "http", "event-bus": "http", **dict.fromkeys(services, "http"), "postgres": "postgres"}
    places = [*ports.items(), ("nats", "client"), ("nats", "routes")]
    sources = [*ports, "nats", "traefik/", "monitoring/", "elsewhere/"]
    found = {(source, app, port) for source in sources for app, port in places if allowed(source, app, port)}

    backends = [*services, "event-bus"]
    assert found == {
        *(("traefik/", each, "http") for each in [*backends, "client"]),
        *(("monitoring/", each, "http") for each in backends),
        *((each, "event-bus", "http") for each in services),
        *(("event-bus", each, "http") for each in services),
        *((each, "postgres", "postgres") for each in backends),
        ("event-bus", "nats", "client"),
        ("nats", "nats", "routes"),
    }


# --- gateway


def test_the_gateway_has_the_routes_of_the_ingress(everything: list[Object]) -> None:
    assert of_kind(everything, "Ingress") == {}
    [route] = of_kind(everything, "HTTPRoute").values()
    rules = route["spec"]["rules"]
    ways = [(match["path"], rule["backendRefs"][0]) for rule in rules for match in rule["matches"]]

    def led(path: str) -> str:
        """Exact, then an expression, then the longest prefix."""
        for kind, matches in [
            ("Exact", lambda value: path == value),
            ("RegularExpression", lambda value: re.search(value, path)),
            ("PathPrefix", lambda value: f"{path}/".startswith(f"{value.rstrip('/')}/")),
        ]:
            found = [(len(way["value"]), to) for way, to in ways if way["type"] == kind and matches(way["value"])]
            if found:
                to = max(found, key=lambda pair: pair[0])[1]
                return f"{to['name']}:{to['port']}"
        return ""

    def led_by_the_ingress(path: str) -> str:
        row = max((row for row in ROWS if re.match(row["path"], path)), key=lambda row: len(row["path"]))
        service = row["backend"]["service"]
        return f"{service['name']}:{service['port']['number']}"

    paths = ["/", "/post/5f0c", "/posts/create", "/posts/5f0c/comments", "/posts", "/posts/", "/posts/5f0c", "/postsX"]
    paths += ["/posts/stream", "/moderation/comments", "/moderationX", "/bus/stream", "/busX", "/events", "/metrics"]
    paths += ["/feed.atom", "/sitemap.xml", "/robots.txt", "/feed.atomX"]
    assert {path: led(path) for path in paths} == {path: led_by_the_ingress(path) for path in paths}


# --- monitoring


def metrics() -> set[str]:
    """Named in the code: what /metrics can say."""
    sources = [*(ROOT / "svc_chassis/src").rglob("*.py"), *(ROOT / "eventbus_svc/eventbus").rglob("*.py")]
    text = "".join(file.read_text() for file in sources)
    found = set(re.findall(r"\bblogbus_[a-z_]+", text))
    subscription = re.findall(r'\("([a-z_]+)", "', (ROOT / "eventbus_svc/eventbus/inspection/gauges.py").read_text())
    return found | {f"blogbus_subscription_{name}" for name in subscription}


def expressions(everything: list[Object]) -> list[str]:
    [rules] = of_kind(everything, "PrometheusRule").values()
    [dashboard] = [
        json.loads(text) for each in everything for text in each.get("data", {}).values() if '"panels"' in text
    ]
    alerts = [rule["expr"] for group in rules["spec"]["groups"] for rule in group["rules"]]
    return alerts + [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def test_alerts_and_dashboard_name_metrics_that_exist(everything: list[Object]) -> None:
    named = {name for text in expressions(everything) for name in re.findall(r"\bblogbus_[a-z_]+", text)}
    unknown = {re.sub(r"_(bucket|count|sum)$", "", name) for name in named} - metrics()
    assert (unknown, len(named) > 8) == (set(), True)


def test_every_service_is_scraped_once(everything: list[Object]) -> None:
    [monitor] = of_kind(everything, "ServiceMonitor").values()
    labels = monitor["spec"]["selector"]["matchLabels"].items()
    scraped = {
        name
        for name, each in of_kind(everything, "Service").items()
        if labels <= each["metadata"].get("labels", {}).items()
    }
    assert scraped == {TABLE[name]["kubernetes"] for name in BACKENDS}
    assert {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]} == {"http"}


def test_every_component_says_what_it_is_for_and_is_in_the_production_overlay_or_named_there() -> None:
    overlay = (COMPONENTS.parent / "overlays/production/kustomization.yaml").read_text()
    for folder in filter(Path.is_dir, COMPONENTS.iterdir()):
        text = (folder / "kustomization.yaml").read_text()
        assert text.startswith("# "), folder
        assert yaml.safe_load(text)["kind"] == "Component", folder
        assert f"../../components/{folder.name}\n" in overlay, folder
