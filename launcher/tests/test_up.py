"""`up`, driven from outside as a person would."""

from __future__ import annotations

import os
import signal
import socket

from launcher.tests.checkout import PATIENCE, Checkout, until


def test_up_detached_returns_once_everything_is_migrated_and_ready(checkout: Checkout) -> None:
    done = checkout.up()
    assert done.returncode == 0, done.stderr
    assert [row["healthy"] for row in checkout.status().values()] == [True, True, True]
    assert checkout.ask("beta", "/readyz") == {"migrated": True}
    for name in ("alpha", "beta", "gamma"):
        assert f"http://localhost:{checkout.port(name)}" in done.stdout


def test_a_second_up_says_so_and_changes_nothing(checkout: Checkout) -> None:
    checkout.up()
    before = checkout.status()
    again = checkout.up()
    assert again.returncode == 0
    assert "already up" in again.stdout
    assert checkout.status() == before


def test_up_starts_only_what_is_missing(checkout: Checkout) -> None:
    checkout.up("--without", "beta")
    before = checkout.status()
    assert before["beta"]["pid"] is None
    assert before["beta"]["healthy"] is False
    done = checkout.manage("up", "--no-open")
    assert "Already up: alpha, gamma. Starting what is missing." in done.stdout
    after = checkout.status()
    assert after["beta"]["healthy"]
    assert (after["alpha"], after["gamma"]) == (before["alpha"], before["gamma"])


def test_up_on_other_ports_than_those_that_are_up_is_refused(checkout: Checkout) -> None:
    checkout.up()
    done = checkout.manage("up", "--detach", "--port-base", str(checkout.base + 10))
    assert done.returncode == 1
    assert f"already runs on --port-base {checkout.base}" in done.stderr


def test_two_ups_at_once_start_everything_once(checkout: Checkout) -> None:
    first = checkout.foreground("--detach")
    second = checkout.up()
    assert (first.wait(), second.returncode) == (0, 0)
    assert "already up" in second.stdout + checkout.output.read_text()
    assert len(checkout.left_behind()) == 3


def test_a_service_that_ends_while_starting_leaves_nothing_running(checkout: Checkout) -> None:
    done = checkout.up(STAND_IN="gamma:dies")
    assert done.returncode == 1
    assert "gamma ended while it was starting (exit status 3)" in done.stderr
    assert "gamma begins" in done.stderr
    assert checkout.left_behind() == []


def test_a_busy_port_names_its_holder_and_the_cure(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", checkout.port("beta"))):
        done = checkout.up()
    assert done.returncode == 1
    assert f"Port {checkout.port('beta')} (beta) is taken by pid {os.getpid()}:" in done.stderr
    assert f"up --port-base {checkout.base + 10_000}" in done.stderr
    assert checkout.left_behind() == []


def test_an_unknown_service_to_leave_out_is_a_usage_error(checkout: Checkout) -> None:
    done = checkout.up("--without", "alpha,delta")
    assert done.returncode == 2
    assert "there is no 'delta'; choose from alpha, beta, gamma" in done.stderr


def test_the_environment_of_up_reaches_the_services_and_wins(checkout: Checkout) -> None:
    checkout.up(CORS_ALLOWED_ORIGINS="https://example.org", THROTTLE_WRITES="5")
    environ = checkout.ask("alpha", "/environ")
    assert environ["CORS_ALLOWED_ORIGINS"] == "https://example.org"
    assert environ["THROTTLE_WRITES"] == "5"
    assert environ["BLOGBUS_ENV"] == "local"
    assert environ["BLOGBUS_PORT_BASE"] == str(checkout.base)
    assert environ["SERVICE_URL"] == f"http://127.0.0.1:{checkout.port('alpha')}"


def test_ctrl_c_ends_all_in_reverse_order(checkout: Checkout) -> None:
    up = checkout.foreground()
    until(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGINT)
    assert up.wait(PATIENCE) == 0
    assert (checkout.run_dir / "ended").read_text().split() == ["gamma", "beta", "alpha"]
    assert checkout.left_behind() == []


def test_a_closed_terminal_ends_all(checkout: Checkout) -> None:
    up = checkout.foreground()
    until(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGHUP)
    assert up.wait(PATIENCE) == 0
    assert checkout.left_behind() == []


def test_a_second_ctrl_c_kills_at_once(checkout: Checkout) -> None:
    up = checkout.foreground(STAND_IN="alpha:stubborn,beta:stubborn,gamma:stubborn")
    until(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGINT)
    until(lambda: checkout.said("Stopping"))
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=4) == 0  # less than one of the three grace times
    assert checkout.left_behind() == []


def test_ctrl_c_while_it_waits_for_readiness_leaves_nothing(checkout: Checkout) -> None:
    up = checkout.foreground(STAND_IN="beta:unready")
    until(lambda: checkout.said("ready on port"))
    up.send_signal(signal.SIGINT)
    assert up.wait(PATIENCE) == 130
    assert checkout.left_behind() == []


def test_a_death_is_told_with_its_status_and_cure_and_the_others_go_on(checkout: Checkout) -> None:
    up = checkout.foreground(STAND_IN="beta:forks")
    until(lambda: checkout.said("Ctrl-C"))
    os.kill(checkout.pid("beta"), signal.SIGKILL)
    until(lambda: checkout.said("died (killed by SIGKILL); the others go on. Start it again: "))
    until(lambda: len(checkout.left_behind()) == 3)  # up, alpha, gamma: also the fork is gone
    status = checkout.status()
    assert [status[name]["healthy"] for name in ("alpha", "beta", "gamma")] == [True, False, True]
    assert up.poll() is None


def test_a_start_from_another_terminal_joins_the_foreground(checkout: Checkout) -> None:
    up = checkout.foreground()
    until(lambda: checkout.said("Ctrl-C"))
    checkout.manage("stop", "beta")
    until(lambda: checkout.said("beta  | stopped"))
    checkout.manage("start", "beta")
    until(lambda: checkout.said(f"beta  | started, pid {checkout.pid('beta')}"))
    checkout.ask("beta", "/print/here-again")
    until(lambda: checkout.said("beta  | here-again"))
    up.send_signal(signal.SIGTERM)
    assert up.wait(PATIENCE) == 0
    assert checkout.left_behind() == []


def test_down_from_another_terminal_ends_the_foreground(checkout: Checkout) -> None:
    up = checkout.foreground()
    until(lambda: checkout.said("Ctrl-C"))
    assert checkout.manage("down").returncode == 0
    assert up.wait(PATIENCE) == 0
    assert checkout.said("stopped from another terminal")


def test_when_up_itself_is_killed_status_and_down_still_work(checkout: Checkout) -> None:
    up = checkout.foreground()
    until(lambda: checkout.said("Ctrl-C"))
    up.kill()
    up.wait()
    assert [row["healthy"] for row in checkout.status().values()] == [True, True, True]
    assert checkout.manage("down").returncode == 0
    assert checkout.left_behind() == []
