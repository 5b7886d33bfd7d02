"""`test` and `check`: what they run, what they leave out, how they sum up."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.quality import suites
from launcher.run import engines
from launcher.tests.checkout import Checkout

PASSING = "def test_it() -> None:\n    pass\n"
FAILING = "def test_it() -> None:\n    raise AssertionError\n"
SKIPPING = "import pytest\n\n\n@pytest.mark.skip(reason='no moon')\ndef test_it() -> None:\n    pass\n"


def give(checkout: Checkout, folder: str, tests: str) -> None:
    (checkout.root / folder).mkdir(exist_ok=True)
    (checkout.root / folder / "test_it.py").write_text(tests)


def test_every_service_has_a_suite_and_a_new_one_needs_only_its_row(checkout: Checkout) -> None:
    names = [suite.name for suite in suites.tests(checkout.project, Path())]
    assert names == [
        "contracts",
        "chassis",
        "launcher",
        "alpha",
        "alpha-postgres",
        "beta",
        "beta-postgres",
        "gamma",
        "gamma-postgres",
        "flows",
        "system",
        "infra",
        "cluster",
    ]


def test_the_named_suites_are_run_and_summed_up(checkout: Checkout) -> None:
    give(checkout, "alpha_svc", PASSING)
    give(checkout, "beta_svc", FAILING)
    done = checkout.manage("test", "alpha", "beta")
    assert done.returncode == 1
    assert "── alpha ─" in done.stdout
    assert ", 1 tests" in done.stdout
    assert done.stdout.splitlines()[-3:] == ["  beta failed: test_it.test_it", "", "1 passed, 1 failed"]


def test_what_is_left_out_is_said_and_fails_only_when_strict(checkout: Checkout) -> None:
    give(checkout, "alpha_svc", PASSING)
    lax = checkout.manage("test", "alpha", "system")
    assert "left out  system  there is no system_tests/" in lax.stdout
    assert (lax.returncode, lax.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")
    for strict in (
        checkout.manage("test", "alpha", "system", CI="true"),
        checkout.manage("test", "--strict", "system"),
    ):
        assert strict.returncode == 1
        assert strict.stdout.splitlines()[-1].endswith(" passed, 1 failed")


def test_a_test_that_was_skipped_is_counted_and_fails_when_strict(checkout: Checkout) -> None:
    give(checkout, "alpha_svc", SKIPPING)
    lax = checkout.manage("test", "alpha")
    assert "1 tests, 1 skipped" in lax.stdout
    assert lax.stdout.splitlines()[-3:] == ["  alpha skipped (1): no moon", "", "1 passed, 0 failed"]
    assert lax.returncode == 0
    strict = checkout.manage("test", "alpha", "--strict")
    assert strict.returncode == 1
    assert strict.stdout.splitlines()[-4:] == [
        "  alpha skipped (1): no moon",
        "  What is left out or skipped counts as failed (CI=true or --strict).",
        "",
        "0 passed, 1 failed",
    ]


def test_of_many_failed_tests_the_summary_names_some(checkout: Checkout) -> None:
    give(checkout, "alpha_svc", "".join(FAILING.replace("test_it", f"test_{n}") for n in range(25)))
    lines = checkout.manage("test", "alpha").stdout.splitlines()
    assert sum(line.startswith("  alpha failed: test_it.test_") for line in lines) == 20
    assert lines[-3] == "  alpha and 5 more"


def test_an_unknown_suite_is_a_usage_error_that_names_the_known_ones(checkout: Checkout) -> None:
    done = checkout.manage("test", "delta")
    assert done.returncode == 2
    assert "contracts, chassis, launcher, alpha, alpha-postgres, beta, beta-postgres, gamma, " in done.stderr


def test_what_would_change_a_cluster_is_run_by_its_name_only(checkout: Checkout) -> None:
    all_suites = suites.tests(checkout.project, Path())
    assert [suite.name for suite in all_suites if suite not in suites.chosen(all_suites, [])] == ["cluster"]
    assert [suite.name for suite in suites.chosen(all_suites, ["cluster"])] == ["cluster"]


def test_a_service_is_tested_on_postgresql_too_or_left_out_with_the_cure(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_postgres() -> suites.Suite:
        return next(suite for suite in suites.tests(checkout.project, Path()) if suite.name == "alpha-postgres")

    monkeypatch.setattr(engines, "program", lambda name: "")
    assert "apt-get install postgresql" in on_postgres().left_out
    monkeypatch.setattr(engines, "program", lambda name: f"/usr/bin/{name}")
    assert on_postgres().left_out == ""
    assert "--postgres" in on_postgres().command.argv


def test_no_chromium_leaves_the_browser_out_with_the_cure(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout.root / "frontend").mkdir()
    table = checkout.root / "services.json"
    row = '"frontend": {"port": 3000, "kubernetes": "client-srv", "title": "frontend"}'
    table.write_text(table.read_text().rstrip("}") + "}, " + row + "}")
    monkeypatch.setattr(suites, "chromium", lambda: "")
    browser = suites.tests(checkout.project, Path())[-2]
    assert browser.name == "browser"
    assert "apt-get install chromium" in browser.left_out
    monkeypatch.setattr(suites, "chromium", lambda: "/usr/bin/chromium")
    browser = suites.tests(checkout.project, Path())[-2]
    assert browser.left_out == ""
    assert browser.command.environ["CHROMIUM"] == "/usr/bin/chromium"
