"""`new-service`: what it writes where, what it refuses, and that a failure leaves nothing."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from launcher.make import service
from launcher.tests.checkout import ROOT, Checkout

TABLE = (ROOT / "services.json").read_text()
TOOLS = (ROOT / "pyproject.toml").read_text()
SCHEMAS = Path("contracts/src/contracts/schemas")


@pytest.fixture
def tree(checkout: Checkout) -> Checkout:
    """A checkout with one contract and the tools' table."""
    shutil.copytree(ROOT / SCHEMAS, checkout.root / SCHEMAS)
    shutil.copy(ROOT / "pyproject.toml", checkout.root)
    (checkout.root / ".venv" / "bin" / "ruff").symlink_to(Path(sys.executable).with_name("ruff"))
    return checkout


def files(tree: Checkout) -> dict[str, bytes]:
    """Everything that is under version control."""
    found = (file for file in tree.root.rglob("*") if file.is_file())
    own = {str(file.relative_to(tree.root)): file for file in found}
    return {name: file.read_bytes() for name, file in own.items() if not name.startswith(".") and "pycache" not in name}


def test_a_service_is_a_folder_a_row_and_a_name_in_pyproject(tree: Checkout) -> None:
    before = files(tree)
    done = tree.manage("new-service", "likes", "--handles", "CommentCreated")
    assert done.returncode == 0, done.stderr
    after = files(tree)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"services.json", "pyproject.toml"}
    made = {name.removeprefix("likes_svc/") for name in after if name not in before}
    assert {"manage.py", "likes/settings.py", "likes/migrations/0001_initial.py", "tests/test_likes.py"} < made
    assert "def on_comment_created(event: Event[CommentCreated])" in after["likes_svc/likes/handlers.py"].decode()
    row = json.loads(after["services.json"])["likes"]
    assert row == {"port": 4003, "kubernetes": "likes-srv", "title": "likes"}
    assert " likes, likes-postgres, " in tree.manage("test", "nothing").stderr


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("alpha", "The service alpha already exists."),
        ("Likes", "cannot name a Python package"),
        ("2x", "cannot name a Python package"),
        ("a-b", "cannot name a Python package"),
        ("a__b", "cannot name a Python package"),
        ("../likes", "cannot name a Python package"),
        ("likes_svc", "Omit _svc: new-service likes"),
        ("class", "a Python keyword"),
        ("l" * 31, "has 31 characters"),
        ("taken", "The folder taken_svc/ already exists."),
        ("json", "the name of an installed module"),
        ("django", "the name of an installed module"),
        ("events", "is already used"),
        ("system", "is already used"),
    ],
)
def test_a_name_that_would_clash_is_refused_and_nothing_changes(tree: Checkout, name: str, why: str) -> None:
    (tree.root / "taken_svc").mkdir()
    before = files(tree)
    done = tree.manage("new-service", name)
    assert done.returncode == 1
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert files(tree) == before


def test_a_failure_half_way_leaves_nothing(tree: Checkout) -> None:
    ruff = tree.root / ".venv" / "bin" / "ruff"
    ruff.unlink()
    ruff.symlink_to(shutil.which("false") or "")
    before = files(tree)
    done = tree.manage("new-service", "likes")
    assert (done.returncode, "Imports in order: failed." in done.stderr) == (1, True)
    assert files(tree) == before


def test_an_unknown_event_is_a_usage_error_that_names_the_known_ones(tree: Checkout) -> None:
    done = tree.manage("new-service", "likes", "--handles", "PostRead")
    assert done.returncode == 2
    assert "CommentCreated, CommentModerated, CommentUpdated, PostCreated" in done.stderr


def test_the_next_port_is_one_that_neither_the_table_nor_another_program_has(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.run.ports.is_free", lambda port: port != checkout.base + 3)
    assert service.free_port(checkout.project) == 4004


def test_the_table_keeps_its_order_and_its_look_with_the_frontend_last() -> None:
    added = service.with_row(TABLE, "read_later", 4009)
    row = '  "read_later": {"port": 4009, "kubernetes": "read-later-srv", "title": "read later"},\n'
    assert row in added
    assert added.replace(row, "") == TABLE
    assert list(json.loads(added))[-2:] == ["read_later", "frontend"]


@pytest.mark.parametrize("tools", [TOOLS, service.with_name(TOOLS, "likes")])
def test_every_list_of_services_in_pyproject_is_that_of_the_table(tools: str) -> None:
    names = {name for name in json.loads(TABLE) if name != "frontend"} | ({"likes"} if tools != TOOLS else set())
    tool = tomllib.loads(tools)["tool"]
    lint = tool["importlinter"]
    assert set(lint["root_packages"]) - {"svc_chassis", "contracts"} == names
    assert set(lint["contracts"][0]["modules"]) == names
    assert set(lint["contracts"][1]["layers"][0].split(" | ")) == names
    homes = {path for path in tool["mypy"]["mypy_path"].split(":") if path.endswith("_svc")}
    assert homes == {f"{name}_svc" for name in names}
