"""`seed`: writes demo data with ordinary requests."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from launcher import terminal
from launcher.context import Context
from launcher.project import Problem, Project
from launcher.run import fleet
from launcher.run.http_call import NONE, call

NEXT = re.compile(r'<([^>]+)>; rel="next"')

Json = dict[str, Any]
Item = TypeVar("Item")


def seed(context: Context, more_posts: int = 0, more_comments: int = 0) -> int:
    """Write the missing posts and comments; a second run writes nothing.

    `more_posts`: plain ones, besides the demo's. `more_comments`: plain ones, on the newest of the demo's posts.
    """
    project = context.project
    for name in ("posts", "comments"):
        if name not in fleet.running(project):
            raise Problem(f"{name} is not running.", f"{context.command} up --detach")
    known = {(post["title"], post["author"]): post["id"] for post in _pages(project, "posts", "/posts")}
    plain = [DemoPost(f"Post {n} of {more_posts}", _author(n), "", ()) for n in range(1, more_posts + 1)]
    written = [0, 0]
    post_id = ""
    for post in _counted([*plain, *POSTS], "posts"):
        key = (post.title, post.author)
        if key not in known:
            body = {"title": post.title, "body": post.body, "author": post.author}
            known[key] = _call(project, "posts", "POST", "/posts/create", body)[0]["id"]
            written[0] += 1
        post_id = known[key]
        written[1] += _comment(context, post_id, post.comments)
    many = [(f"{_author(n)} {n}", f"Comment {n} of {more_comments}.") for n in range(1, more_comments + 1)]
    written[1] += _comment(context, post_id, many)
    _say(context, *written)
    return 0


def _comment(context: Context, post_id: str, wanted: Sequence[tuple[str, str]]) -> int:
    """Write those of the comments (author, content) that are missing; how many."""
    if not wanted:
        return 0
    project, path = context.project, f"/posts/{post_id}/comments"
    authors = [comment["author"] for comment in _pages(project, "comments", path)]
    missing = [comment for comment in wanted if comment[0] not in authors]
    # The author of a comment that is not approved is hidden: that many may be there already.
    if len(missing) <= authors.count(None):
        return 0
    for author, content in _counted(missing, "comments"):
        body = {"content": content, "author": author}
        # The same in each run, but unknown to others: whoever repeats a write is answered its editToken.
        secret = context.local_token("moderator")
        key = hashlib.sha256(f"{secret} {post_id} {author}".encode()).hexdigest()
        _call(project, "comments", "POST", path, body, {"Idempotency-Key": key})
    return len(missing)


def _counted(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, with a line that says how many of them are done; it needs many to be seen."""
    block = terminal.Block()
    try:
        for number, item in enumerate(items):
            if number % 10 == 9:
                block.draw([f"{number + 1} of {len(items)} {what}"])
            yield item
    finally:
        block.clear()


def _author(number: int) -> str:
    names = ("Marit", "Tomas", "Ines", "Ada", "Kees", "Bo")
    return names[number % len(names)]


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
