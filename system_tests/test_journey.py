"""What the README promises: write, comment, and see moderation's word."""

import re
from typing import Any

import pytest
from launcher.project import Shape
from launcher.run.engines import ENGINES

from system_tests.conftest import StartSystem
from system_tests.harness.http import call
from system_tests.harness.system import System

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
WHY = "It contains the banned word “orange”."

Json = dict[str, Any]


LOGS: dict[str, dict[str, Any]] = {
    "with a log in a database": {"environ": {"EVENTBUS_LOG": "database://?partitions=3"}},
    **{f"with a log in {engine.title}": {"shape": Shape((name,))} for name, engine in ENGINES.items()},
}


@pytest.fixture(params=["directly", "through the frontend", *LOGS])
def travelled(request: pytest.FixtureRequest) -> System:
    if request.param in LOGS:
        start: StartSystem = request.getfixturevalue("start_system")
        return start(**LOGS[request.param], without=("frontend",))
    shared: System = request.getfixturevalue("system")
    return shared


@pytest.fixture
def doors(travelled: System, request: pytest.FixtureRequest) -> dict[str, str]:
    """Where each service is spoken to."""
    names = ("posts", "comments", "query")
    frontend = request.node.callspec.params["travelled"] == "through the frontend"
    return {name: travelled.url("frontend" if frontend else name) for name in names}


def test_a_comment_is_approved_or_rejected_and_query_shows_it(travelled: System, doors: dict[str, str]) -> None:
    answer = call("POST", doors["posts"] + "/posts/create", json={"title": "hi"})
    post = answer.json()
    assert answer.status_code == 201
    assert ID.fullmatch(post["id"])
    assert MOMENT.fullmatch(post["createdAt"])
    assert post == {
        "id": post["id"],
        "title": "hi",
        "body": "",
        "author": "",
        "createdAt": post["createdAt"],
        "version": 1,
    }

    comments = f"/posts/{post['id']}/comments"
    hello = comment(doors["comments"] + comments, {"content": "hello", "author": "Ann"})
    orange = comment(doors["comments"] + comments, {"content": "I like Orange"})
    approved = {"content": "hello", "status": "approved", "reason": None}
    rejected = {"content": None, "author": None, "status": "rejected", "reason": WHY}

    wanted = {
        "id": post["id"],
        "title": "hi",
        "body": "",
        "author": "",
        "createdAt": post["createdAt"],
        "commentCount": 2,
        "comments": [embedded(hello) | approved, embedded(orange) | rejected],
    }
    travelled.eventually(lambda: call("GET", f"{doors['query']}/posts/{post['id']}").json(), wanted)
    assert call("GET", doors["query"] + "/posts").json()[0] == wanted
    own = call("GET", doors["comments"] + comments).json()
    assert own == [orange | rejected | {"version": 2}, hello | approved | {"version": 2}]


def test_the_frontends_origin_serves_the_page(system: System) -> None:
    answer = call("GET", system.url("frontend", "/"))
    assert (answer.status_code, answer.headers["Content-Type"].replace(" ", "")) == (200, "text/html;charset=utf-8")
    assert '<div id="root">' in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/events", "/subscriptions", "/subscriptions/query", "/metrics", "/readyz", "/postsX"]
)
def test_what_is_between_the_services_is_not_there_for_the_outside(system: System, method: str, path: str) -> None:
    answer = call(method, system.url("frontend", path), data=b"[]" if method == "POST" else None)
    assert answer.status_code == 404
    assert "problem" not in answer.headers.get("Content-Type", "")


def comment(url: str, body: Json) -> Json:
    """Written, and answered as it should be."""
    answer = call("POST", url, json=body)
    written: Json = answer.json()
    assert answer.status_code == 201
    assert ID.fullmatch(written["id"])
    assert MOMENT.fullmatch(written["createdAt"])
    assert written == {
        "id": written["id"],
        "postId": url.split("/")[-2],
        "content": body["content"],
        "author": body.get("author", ""),
        "status": "pending",
        "reason": None,
        "createdAt": written["createdAt"],
        "version": 1,
    }
    return written


def embedded(written: Json) -> Json:
    """A comment as it stands in its post."""
    return {key: value for key, value in written.items() if key not in ("postId", "version")}
