"""`seed`: writes demo data with ordinary requests."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project
from launcher.run import fleet
from launcher.run.http_call import NONE, call

NEXT = re.compile(r'<([^>]+)>; rel="next"')

Json = dict[str, Any]


def seed(context: Context) -> int:
    """Write the missing posts and comments; a second run writes nothing."""
    project = context.project
    for name in ("posts", "comments"):
        if name not in fleet.running(project):
            raise Problem(f"{name} is not running.", f"{context.command} up --detach")
    posts = {(post["title"], post["author"]): post for post in _pages(project, "posts", "/posts")}
    written = [0, 0]
    for post in POSTS:
        known = posts.get((post.title, post.author))
        if known is None:
            body = {"title": post.title, "body": post.body, "author": post.author}
            known = _call(project, "posts", "POST", "/posts/create", body)[0]
            written[0] += 1
        path = f"/posts/{known['id']}/comments"
        authors = [comment["author"] for comment in _pages(project, "comments", path)]
        missing = [comment for comment in post.comments if comment[0] not in authors]
        # The author of a comment that is not approved is hidden: that many may be there already.
        if len(missing) > authors.count(None):
            for author, content in missing:
                body = {"content": content, "author": author}
                _call(project, "comments", "POST", path, body, {"Idempotency-Key": f"demo {known['id']} {author}"})
            written[1] += len(missing)
    _say(context, *written)
    return 0


def _say(context: Context, posts: int, comments: int) -> None:
    if not posts and not comments:
        terminal.say("  All demo posts and comments already exist.")
        return
    terminal.done("seeded", f"{posts} posts, {comments} comments")
    page = context.project.frontend
    terminal.say("  One comment is rejected for a banned word. One has a link: it waits for a moderator.")
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
    project: Project, name: str, method: str, path: str, body: Json | None = None, headers: Mapping[str, str] = NONE
) -> tuple[Any, str]:
    """The answer and its Link header. Raises a Problem for anything but a 2xx."""
    content = json.dumps(body).encode() if body is not None else None
    try:
        answer = call(project.service(name).port, method, path, content, headers)
    except (OSError, http.client.HTTPException) as error:
        cure = "Run seed again: it writes only what is missing."
        raise Problem(f"{name} did not answer ({type(error).__name__}).", cure) from error
    if not answer.ok:
        raise Problem(
            f"{name} answered {answer.status} to {method} {path}.", answer.body.decode(errors="replace")[:500]
        )
    return json.loads(answer.body), answer.headers.get("Link", "")


@dataclass(frozen=True)
class DemoPost:
    title: str
    author: str
    body: str
    comments: tuple[tuple[str, str], ...]  # author, content


POSTS = (
    DemoPost(
        "Write it down twice, in one breath",
        "Marit",
        "Save the order, then tell the others. What if the power goes between the two? The order is there, and nobody "
        "knows. Tell the others first, and they know of an order that is not there.\n\n"
        "So do both in one breath: the row, and a note saying what happened, into the same database, in the same "
        "transaction. Both are there, or neither is. Somebody else carries the notes out later, as often as it takes.\n"
        "\nThat is all an outbox is. The dull part, carrying the same note out until somebody signs for it, is the "
        "part that makes it safe.",
        (
            ("Ines", "And if the one who carries it out dies after handing it over, before noting so?"),
            ("Marit", "Then it is handed over twice. The receiver keeps a list, too; that one is called the inbox."),
            ("Bo", "My mail server has done that since 1982. Nobody gave a talk about it."),
        ),
    ),
    DemoPost(
        "The second letter came first",
        "Tomas",
        "My grandmother wrote two letters. “I have sold the house.” And a week later: “I have bought it back.” The "
        "post brought the second one first, and for three days the family believed that she was homeless.\n\n"
        "Numbering the letters would have been enough. Whoever has read letter two puts letter one aside. Notice "
        "what is not needed: the post need not be fast, the clocks need not agree, and letters to the neighbours "
        "need not wait for hers. Order is kept per subject. Anything more is a queue in which all stand behind one.",
        (
            ("Ada", "What did she do with the house?"),
            ("Kees", "Painted it orange, as far as I remember."),
            ("Ines", "The same story with diagrams: https://example.com/letters"),
        ),
    ),
    DemoPost(
        "One bad apple",
        "Ines",
        "An event comes that nobody can make sense of. You may stop until somebody has looked, and everything behind "
        "it rots. You may throw it away, and lie about it later.\n\n"
        "Or you put it on a shelf, with all that belongs to the same thing behind it, in order, and go on with the "
        "rest. In the morning a person looks at the shelf. Most of the time it is empty. When it is not, one reader "
        "misses one comment, and a thousand others have noticed nothing.",
        (
            ("Marit", "We had the first of these for two years. It was called “the incident”."),
            ("Tomas", "Who looks at the shelf?"),
        ),
    ),
)
