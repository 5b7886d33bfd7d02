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
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
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
        "editToken": post["editToken"],
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


@pytest.mark.parametrize("way", ["directly", "through the frontend"])
def test_what_is_edited_is_shown_and_what_is_removed_is_gone(system: System, way: str) -> None:
    names = ("posts", "comments", "moderation", "query")
    doors = {name: system.url(name if way == "directly" else "frontend") for name in names}
    post = call("POST", doors["posts"] + "/posts/create", json={"title": "hi"}).json()
    text = f"{doors['posts']}/posts/{post['id']}/text"
    comments = f"{doors['comments']}/posts/{post['id']}/comments"
    mine, others = (call("POST", comments, json={"content": content}).json() for content in ("hello", "stays"))

    def shown() -> tuple[str, set[tuple[str, str | None]]] | None:
        """The title, and status and text of each comment; None: the post is gone."""
        answer = call("GET", f"{doors['query']}/posts/{post['id']}")
        found = answer.json()
        if answer.status_code == 404:
            return None
        return found["title"], {(each["status"], each["content"]) for each in found["comments"]}

    assert call("PUT", text, json={"title": "edited"}, headers=bearer(post)).status_code == 200
    system.eventually(shown, ("edited", {("approved", "hello"), ("approved", "stays")}))
    assert call("PUT", f"{comments}/{mine['id']}", json={"content": "orange"}, headers=bearer(mine)).status_code == 200
    system.eventually(shown, ("edited", {("rejected", None), ("approved", "stays")}))
    assert call("DELETE", f"{comments}/{mine['id']}", headers=bearer(others)).status_code == 401
    assert call("DELETE", f"{comments}/{mine['id']}", headers=bearer(mine)).status_code == 204
    system.eventually(shown, ("edited", {("approved", "stays")}))
    by_moderator = f"{doors['moderation']}/moderation/comments/{others['id']}"
    assert call("DELETE", by_moderator, headers=system.bearer("moderator")).status_code == 204
    system.eventually(shown, ("edited", set()))
    assert call("DELETE", text, headers=bearer(post)).status_code == 204
    system.eventually(shown, None)


def bearer(written: Json) -> dict[str, str]:
    return {"Authorization": f"Bearer {written['editToken']}"}


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
    assert TOKEN.fullmatch(written.pop("editToken"))
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
