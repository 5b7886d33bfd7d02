"""What can be reached from outside, and that compose.yaml's gateway and the page's nginx agree with it."""

import json
import re

import pytest
import yaml
from conftest import ROOT

TABLE = json.loads((ROOT / "services.json").read_text())
ROWS = [
    row
    for rule in yaml.safe_load((ROOT / "infra/k8s/base/ingress.yaml").read_text())["spec"]["rules"]
    for row in rule["http"]["paths"]
]


@pytest.mark.parametrize(
    ("path", "wanted"),
    {
        "/": "frontend",
        "/post/5f0c": "frontend",
        "/posts/create": "posts",
        "/posts/5f0c/text": "posts",
        "/posts/5f0c/comments": "comments",
        "/posts/5f0c/comments/c1": "comments",
        "/posts/5f0c/comments/c1/more": "query",
        "/posts": "query",
        "/posts/": "query",
        "/posts/5f0c": "query",
        "/posts/stream": "query",
        "/posts/5f0c/thread": "query",
        "/posts/5f0c/thread/1d": "query",
        "/postsX": "frontend",
        "/posts/createX": "query",
        "/moderation/comments": "moderation",
        "/moderationX": "frontend",
        "/bus/stream": "eventbus",
        "/busX": "frontend",
        "/events": "frontend",
        "/subscriptions/query": "frontend",
        "/metrics": "frontend",
        "/readyz": "frontend",
    }.items(),
)
def test_the_ingress_leads(path: str, wanted: str) -> None:
    row = max((row for row in ROWS if re.match(row["path"], path, re.I)), key=lambda row: len(row["path"]))
    service = row["backend"]["service"]
    assert (service["name"], service["port"]["number"]) == (TABLE[wanted]["kubernetes"], TABLE[wanted]["port"])


def test_no_two_rows_that_overlap_are_equally_long() -> None:
    """Which of them would win is left to the controller."""
    overlapping = [row["path"] for row in ROWS if row["path"].startswith("/posts")]
    assert len({len(path) for path in overlapping}) == len(overlapping)


def test_composes_gateway_has_the_rows_of_the_ingress_the_longest_first() -> None:
    text = (ROOT / "infra/docker/gateway.conf").read_text()
    rows = re.findall(r"location (?:~\* \^)?(\S+) \{\s+set \$to http://(\w+):(\d+);", text)
    names = {row["kubernetes"]: name for name, row in TABLE.items()}
    services = [(row["path"], row["backend"]["service"]) for row in ROWS]
    wanted = [(path, names[service["name"]], str(service["port"]["number"])) for path, service in services]
    assert sorted(rows) == sorted(wanted)
    assert [len(path) for path, *_ in rows] == sorted((len(path) for path, *_ in rows), reverse=True)
