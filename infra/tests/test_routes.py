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
        "/feed.atom": "query",
        "/sitemap.xml": "query",
        "/robots.txt": "query",
        "/feed.atomX": "frontend",
        "/feedXatom": "frontend",
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


def test_nginx_keeps_what_has_its_content_in_its_name_and_asks_again_for_pages() -> None:
    text = (ROOT / "infra/docker/nginx.conf").read_text()
    [block] = re.findall(r"map \$status:\$uri \$freshness \{(.*?)\}", text, re.S)
    rows = re.findall(r'"~(\S+)" "([^"]+)";', block)
    [default] = re.findall(r'default "([^"]+)";', block)

    def freshness(status: int, uri: str) -> str:
        return next((value for pattern, value in rows if re.search(pattern, f"{status}:{uri}")), default)

    forever = "public, max-age=31536000, immutable"
    assert freshness(200, "/assets/index-5f0c.js") == freshness(304, "/assets/literata-5f0c.woff2") == forever
    assert freshness(404, "/assets/gone.js") == freshness(200, "/pages/post.html") == "no-cache"
    assert "add_header Cache-Control $freshness always;" in text
    assert "gzip_static on;" in text
