"""docs/new-service.md, followed word by word in a copy of this checkout, ends with a like on the page."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from svc_chassis.testing.eventually import eventually
from system_tests.harness.copying import Copy
from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.walk import Block, assert_it_fits, blocks, walk

DOCUMENT = ROOT / "docs" / "new-service.md"
LINES = 120
"""of Python that are the service's own and typed by hand, tests included"""
WITHIN = 20.0
"""seconds in which what was liked shows"""


class Blog(Copy):
    def write(self, title: str) -> str:
        post_id: str = call("POST", self.url("posts", "/posts/create"), json={"title": title}).json()["id"]
        return post_id

    def like(self, post_id: str) -> Any:
        """Through the page's own origin."""
        answer = call("POST", self.url("frontend", f"/posts/{post_id}/likes"))
        return answer.json() if answer.status_code == 201 else answer.status_code

    def likes(self) -> dict[str, int]:
        """What query shows on the page's own origin."""
        return {post["id"]: post["likes"] for post in call("GET", self.url("frontend", "/posts")).json()}

    def page(self) -> str:
        """The program that the browser runs."""
        index = call("GET", self.url("frontend", "/")).text
        return "".join(
            call("GET", self.url("frontend", path)).text for path in re.findall(r'src="(/[^"]+\.js)"', index)
        )


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Blog]:
    if (ROOT / "likes_svc").exists():
        pytest.skip("in this checkout the walk was taken already")
    with closing(Blog(tmp_path.resolve())) as blog:
        yield blog


def by_hand(block: Block) -> int:
    """How many lines of the service's own Python it makes a person type."""
    lines = block.text.splitlines() if block.path.startswith("likes_svc/") else []
    return sum(bool(line.strip()) and (block.language != "diff" or line.startswith("+")) for line in lines)


def test_the_changes_it_asks_for_fit_the_files_as_they_are(tmp_path: Path) -> None:
    assert_it_fits(DOCUMENT, tmp_path, ("likes_svc/",))


def test_the_walk_ends_with_a_like_on_the_page(blog: Blog, measured: Callable[[str], None]) -> None:
    blog.run("python3 manage_all.py up --detach")
    before = blog.write("Written before anybody could like it")

    began = time.monotonic()
    walk(DOCUMENT, blog)
    lines = sum(map(by_hand, blocks(DOCUMENT.read_text())))
    measured(
        f"new-service.md: {lines} lines of the service's own Python, {time.monotonic() - began:.0f} s for machines"
    )

    assert eventually(lambda: blog.like(before), lambda answer: isinstance(answer, dict), WITHIN) == {
        "id": before,
        "likes": 1,
    }
    after = blog.write("Written after")
    eventually(lambda: blog.like(after), {"id": after, "likes": 1}, WITHIN)
    assert blog.like(after) == {"id": after, "likes": 2}
    eventually(blog.likes, {before: 1, after: 2}, WITHIN)
    assert "Like this post" in blog.page()
    assert lines <= LINES
