"""docs/new-service.md, followed word by word in a copy of this checkout, ends with a like on the page."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from launcher.project import load
from launcher.run.ports import free_base
from launcher.setup import environment

from svc_chassis.testing.eventually import eventually
from system_tests.harness.copying import copy_tree
from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.walk import Block, blocks

DOCUMENT = ROOT / "docs" / "new-service.md"
LINES = 120
"""of Python that are the service's own and typed by hand, tests included"""
PATIENCE = 600.0
"""seconds for one command, on a machine that is busy with other things"""
WITHIN = 20.0
"""seconds in which what was liked shows"""


class Copy:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.port_base = free_base(ROOT)
        names = load(ROOT, self.port_base).names
        self.environ = {**environment.of_tests(os.environ, names), "BLOGBUS_PORT_BASE": str(self.port_base)}
        copy_tree(root)

    def run(self, command: str) -> str:
        """As a person types it. Raises AssertionError where it fails."""
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            start_new_session=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout[-8000:]}"
        return done.stdout

    def url(self, service: str, path: str) -> str:
        return f"http://127.0.0.1:{load(self.root, self.port_base).service(service).port}{path}"

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
def copy(tmp_path: Path) -> Iterator[Copy]:
    if (ROOT / "likes_svc").exists():
        pytest.skip("in this checkout the walk was taken already")
    tree = Copy(tmp_path.resolve())
    try:
        yield tree
    finally:
        tree.run("python3 manage_all.py down")


def by_hand(block: Block) -> int:
    """How many lines of the service's own Python it makes a person type."""
    lines = block.text.splitlines() if block.path.startswith("likes_svc/") else []
    return sum(bool(line.strip()) and (block.language != "diff" or line.startswith("+")) for line in lines)


def test_the_changes_it_asks_for_fit_the_files_as_they_are(tmp_path: Path) -> None:
    """In a second: whoever changes one of these files changes the document, too."""
    for block in blocks(DOCUMENT.read_text()):
        if block.path and not block.path.startswith("likes_svc/"):
            file = tmp_path / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() and (ROOT / block.path).exists():
                shutil.copy(ROOT / block.path, file)
            block.apply(tmp_path)


def test_the_walk_ends_with_a_like_on_the_page(copy: Copy, measured: Callable[[str], None]) -> None:
    walk = list(blocks(DOCUMENT.read_text()))
    copy.run("python3 manage_all.py up --detach")
    before = copy.write("Written before anybody could like it")

    began = time.monotonic()
    for block in walk:
        if block.path:
            block.apply(copy.root)
        for command in block.commands() if not block.path else []:
            copy.run(command)
    lines = sum(map(by_hand, walk))
    measured(
        f"new-service.md: {lines} lines of the service's own Python, {time.monotonic() - began:.0f} s for machines"
    )

    assert eventually(lambda: copy.like(before), lambda answer: isinstance(answer, dict), WITHIN) == {
        "id": before,
        "likes": 1,
    }
    after = copy.write("Written after")
    eventually(lambda: copy.like(after), {"id": after, "likes": 1}, WITHIN)
    assert copy.like(after) == {"id": after, "likes": 2}
    eventually(copy.likes, {before: 1, after: 2}, WITHIN)
    assert "Like this post" in copy.page()
    assert lines <= LINES
