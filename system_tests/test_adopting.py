"""docs/adopt.md, followed word by word in a copy of this checkout, ends with two services of another kind."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from launcher.project import load
from launcher.run.ports import free_base
from launcher.setup import environment

from svc_chassis.testing.eventually import eventually
from system_tests.harness.copying import copy_tree
from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.walk import blocks

DOCUMENT = ROOT / "docs" / "adopt.md"
OWN = ("orders_svc/", "stock_svc/", "contracts/")
"""what the document writes, or what its commands make"""
PATIENCE = 600.0
"""seconds for one command, on a machine that is busy with other things"""


class Copy:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.port_base = free_base(ROOT)
        environ = environment.of_tests(os.environ, load(ROOT, self.port_base).names)
        self._environ = {**environ, "BLOGBUS_PORT_BASE": str(self.port_base), "BLOGBUS_RUN_DIR": str(root / ".run")}
        copy_tree(root)

    def run(self, command: str) -> str:
        """As a person types it. Raises AssertionError where it fails."""
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.root,
            env=self._environ,
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

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{load(self.root, self.port_base).service(service).port}/{service}"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    tree = Copy(tmp_path.resolve())
    try:
        yield tree
    finally:
        tree.run("python3 manage_all.py down")


def test_the_changes_it_asks_for_fit_the_files_as_they_are(tmp_path: Path) -> None:
    """In a second: whoever changes one of these files changes the document, too."""
    for block in blocks(DOCUMENT.read_text()):
        if block.language == "diff" and not block.path.startswith(OWN):
            file = tmp_path / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                shutil.copy(ROOT / block.path, file)
            block.apply(tmp_path)


def test_the_walk_ends_with_an_order_that_stock_has_answered(copy: Copy) -> None:
    for block in blocks(DOCUMENT.read_text()):
        if block.path:
            block.apply(copy.root)
        for command in block.commands() if not block.path else []:
            copy.run(command)

    orders = [call("POST", copy.url("orders"), json={"item": "lamp", "quantity": 7}).json() for _ in range(2)]
    answered = [{**orders[1], "reserved": False}, {**orders[0], "reserved": True}]
    eventually(lambda: call("GET", copy.url("orders")).json(), answered, 20.0)
    assert call("GET", copy.url("stock")).json() == [{"item": "lamp", "left": 3}]
    assert "delivered" in copy.run(f"python3 manage_all.py logs --chain {orders[0]['id']}")
