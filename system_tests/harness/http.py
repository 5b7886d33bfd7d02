"""One request, to this machine and nowhere else."""

from collections.abc import Mapping
from typing import Any

import requests

PATIENCE = 10.0
"""seconds"""


def session() -> requests.Session:
    """A client that keeps its connections, and that no proxy variable or netrc concerns."""
    fresh = requests.Session()
    fresh.trust_env = False
    return fresh


def call(method: str, url: str, **options: Any) -> requests.Response:
    """On a connection of its own."""
    with session() as client:
        return client.request(method, url, timeout=PATIENCE, allow_redirects=False, **options)


def told(answer: requests.Response) -> Any:
    """What a 200 says. Raises HTTPError, with what was said instead, for any other answer."""
    if answer.status_code != 200:
        raise requests.HTTPError(f"{answer.status_code}: {answer.text}", response=answer)
    return answer.json()


def pages(url: str, limit: int = 100, headers: Mapping[str, str] | None = None) -> list[Any]:
    """All items of a paged resource, following `Link: rel="next"`. Raises HTTPError where a page is refused."""
    base = url.split("/", 3)
    origin, found = "/".join(base[:3]), []
    path: str | None = f"/{base[3]}?limit={limit}"
    with session() as client:
        while path:
            answer = client.get(origin + path, headers=headers, timeout=PATIENCE)
            found += told(answer)
            path = answer.links["next"]["url"] if "next" in answer.links else None
    return found
