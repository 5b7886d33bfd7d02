"""`seed`: demo data through the services' real doors, so that what it shows is what anybody's writing would."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any

from launcher import demo, fleet, terminal
from launcher.context import Context
from launcher.problems import Problem
from launcher.project import Project

PATIENCE = 10.0  # seconds for one answer
NEXT = re.compile(r'<([^>]+)>; rel="next"')

Json = dict[str, Any]


def seed(context: Context) -> int:
    """Writes what of the demo is not there yet; known again by who wrote it, so a second time writes nothing."""
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
        authors = {comment["author"] for comment in _pages(project, "comments", path)}
        for author, content in post.comments:
            if author not in authors:
                _call(project, "comments", "POST", path, {"content": content, "author": author})
                written[1] += 1
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


def _call(project: Project, name: str, method: str, path: str, body: Json | None = None) -> tuple[Any, str]:
    """The answer and its Link header. Raises a Problem for anything but a 2xx."""
    connection = http.client.HTTPConnection("127.0.0.1", project.service(name).port, timeout=PATIENCE)
    try:
        content = json.dumps(body) if body is not None else None
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Problem(f"{name} did not answer ({type(error).__name__}).", "Seed again: what is there stays.") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Problem(f"{name} answered {answer.status} to {method} {path}.", said.decode(errors="replace")[:500])
    return json.loads(said), answer.getheader("Link", "")
