"""`reset`: refuses until it is told to, and deletes nothing but data."""

from __future__ import annotations

import pytest

from launcher.tests.checkout import Checkout


@pytest.fixture
def used(checkout: Checkout) -> Checkout:
    """A system that runs, with databases and secrets, and a file that is none of ours."""
    checkout.up()
    for name in ("alpha.sqlite3", "alpha.sqlite3-wal", "beta.sqlite3", "holiday.jpg", "secrets/operator-token"):
        file = checkout.run_dir / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(name)
    return checkout


def left(checkout: Checkout) -> set[str]:
    return {path.name for path in checkout.run_dir.iterdir()}


def test_without_yes_it_says_what_would_go_and_touches_nothing(used: Checkout) -> None:
    before = left(used)
    done = used.manage("reset")
    assert done.returncode == 1
    assert f"deletes in {used.run_dir}: alpha.sqlite3, alpha.sqlite3-wal, beta.sqlite3, logs." in done.stderr
    assert "reset --yes" in done.stderr
    assert left(used) == before
    assert used.status()["alpha"]["healthy"]


def test_it_stops_everything_and_deletes_the_data_alone(used: Checkout) -> None:
    before = left(used)
    done = used.manage("reset", "--yes")
    assert done.returncode == 0, done.stderr
    assert before - left(used) == {"alpha.sqlite3", "alpha.sqlite3-wal", "beta.sqlite3", "logs"}
    assert (used.run_dir / "secrets" / "operator-token").exists()
    assert [row["pid"] for row in used.status().values()] == [None] * 3
    assert used.manage("reset", "--yes").returncode == 0


def test_data_in_a_database_server_is_not_touched(used: Checkout) -> None:
    done = used.manage("reset", "--yes", ALPHA_DATABASE_URL="postgres://elsewhere/blog")
    assert done.returncode == 1
    assert "ALPHA_DATABASE_URL is set" in done.stderr
    assert used.status()["alpha"]["healthy"]
