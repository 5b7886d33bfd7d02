"""`seed`: demo data, written by the same requests as everybody's."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from launcher import demo, fleet, terminal
from launcher.context import Context
from launcher.problems import Problem
from launcher.project import Project

PATIENCE = 10.0  # seconds for one answer
EMPTY: Mapping[str, str] = MappingProxyType({})
NEXT = re.compile(r'<([^>]+)>; rel="next"')

Json = dict[str, Any]


def seed(context: Context) -> int:
    """Write those posts and comments of the demo that are missing, so that a second run writes nothing."""
    project = context.project
    for name in ("posts", "comments"):
        if name not in fleet.running(project):
            raise Problem(f"{name} does not run.", f"{context.command} up --detach")
    posts = {(post["title"], post["author"]): post for post in _pages(project, "posts", "/posts")}
    written = [0, 0]
    for post in demo.POSTS:
        known = posts.get((post.title, post.author))
        if known is None:
            body = {"title": post.title, "body": post.body, "author": post.author}
            known = _call(project, "posts", "POST", "/posts/create", body)[0]
            written[0] += 1
        path = f"/posts/{known['id']}/comments"
        authors = [comment["author"] for comment in _pages(project, "comments", path)]
        missing = [comment for comment in post.comments if comment[0] not in authors]
        # Nobody is told who wrote a comment that is not approved: as many as those may be there already.
        if len(missing) > authors.count(None):
            for author, content in missing:
                body = {"content": content, "author": author}
                _call(project, "comments", "POST", path, body, {"Idempotency-Key": f"demo {known['id']} {author}"})
            written[1] += len(missing)
    _say(context, *written)
    return 0


def _say(context: Context, posts: int, comments: int) -> None:
    if not posts and not comments:
        terminal.say("  The demo's posts and comments are all there already.")
        return
    terminal.done("seeded", f"{posts} posts, {comments} comments")
    page = context.project.frontend
    terminal.say("  One comment is rejected for a banned word, and one has a link: it waits for a person.")
    terminal.say(f"  Read them: {page.url if page else ''}")


def _pages(project: Project, name: str, path: str) -> Iterator[Json]:
    """All items of a paged resource."""
    following: str | None = f"{path}?limit=100"
    while following:
        items, link = _call(project, name, "GET", following)
        yield from items
        found = NEXT.search(link)
        following = found[1] if found else None


def _call(
    project: Project, name: str, method: str, path: str, body: Json | None = None, headers: Mapping[str, str] = EMPTY
) -> tuple[Any, str]:
    """The answer and its Link header. Raises a Problem for anything but a 2xx."""
    connection = http.client.HTTPConnection("127.0.0.1", project.service(name).port, timeout=PATIENCE)
    try:
        content = json.dumps(body) if body is not None else None
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Problem(f"{name} did not answer ({type(error).__name__}).", "Seed again: what is there stays.") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Problem(f"{name} answered {answer.status} to {method} {path}.", said.decode(errors="replace")[:500])
    return json.loads(said), answer.getheader("Link", "")
