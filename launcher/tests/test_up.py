"""`up`, driven from outside as a person would."""

from __future__ import annotations

import os
import re
import signal
import socket

import pytest

from launcher.run import ports
from launcher.run.processes import GRACE
from launcher.tests.checkout import PATIENCE, Checkout
from svc_chassis.testing.eventually import eventually


def test_up_detached_returns_once_everything_is_migrated_and_ready(checkout: Checkout) -> None:
    done = checkout.up()
    assert done.returncode == 0, done.stderr
    assert [row["healthy"] for row in checkout.status().values()] == [True, True, True]
    assert checkout.ask("beta", "/readyz")["migrated"] is True
    for name in ("alpha", "beta", "gamma"):
        assert f"http://localhost:{checkout.port(name)}" in done.stdout


def test_a_second_up_says_so_and_changes_nothing(checkout: Checkout) -> None:
    checkout.up()
    before = checkout.status()
    again = checkout.up()
    assert again.returncode == 0
    assert "already running" in again.stdout
    assert checkout.status() == before


def test_up_starts_only_what_is_missing(checkout: Checkout) -> None:
    checkout.up("--without", "beta")
    before = checkout.status()
    assert before["beta"]["pid"] is None
    assert before["beta"]["healthy"] is False
    done = checkout.manage("up", "--no-open")
    assert "Already running: alpha, gamma. Starting what is missing." in done.stdout
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
    assert "already running" in second.stdout + checkout.output.read_text()
    assert len(checkout.left_behind()) == 3


def test_a_service_that_ends_while_starting_leaves_nothing_running(checkout: Checkout) -> None:
    done = checkout.up(GAMMA_STAND_IN="dies")
    assert done.returncode == 1
    assert "gamma exited during its start (exit status 3)" in done.stderr
    assert "gamma begins" in done.stderr
    assert checkout.left_behind() == []


def test_a_busy_port_names_its_holder_and_the_cure(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", checkout.port("beta"))):
        done = checkout.up()
    assert done.returncode == 1
    assert f"Port {checkout.port('beta')} (beta) is in use by pid {os.getpid()}:" in done.stderr
    other = re.search(r"use other ports: .* up --port-base (\d+)$", done.stderr, re.M)
    assert other
    checkout.base = int(other[1])
    assert checkout.up().returncode == 0


@pytest.mark.parametrize("base", [5059, 5061, 6000, 6664, 6669, 10079, 4189, 3659, 2048, 6695])
def test_ports_that_browsers_refuse_are_refused_with_the_next_good_base(checkout: Checkout, base: int) -> None:
    done = checkout.manage("up", "--detach", "--port-base", str(base))
    assert done.returncode == 1
    assert re.search(r"Port \d+ \((alpha|beta|gamma)\) is blocked by browsers.", done.stderr)
    other = re.search(r"Use other ports: .* up --port-base (\d+)$", done.stderr, re.M)
    assert other
    assert not {int(other[1]) + i for i in range(3)} & ports.UNSAFE
    assert int(other[1]) > base
    assert checkout.left_behind() == []


def test_a_port_base_of_the_shell_that_is_no_number_is_refused(checkout: Checkout) -> None:
    done = checkout.manage("up", "--detach", BLOGBUS_PORT_BASE="12k")
    assert (done.returncode, "BLOGBUS_PORT_BASE is '12k'." in done.stderr) == (1, True)


def test_an_unknown_service_to_leave_out_is_a_usage_error(checkout: Checkout) -> None:
    done = checkout.up("--without", "alpha,delta")
    assert done.returncode == 2
    assert "there is no 'delta'; choose from alpha, beta, gamma" in done.stderr


def test_leaving_every_service_out_is_refused(checkout: Checkout) -> None:
    done = checkout.up("--without", "alpha,beta,gamma")
    assert done.returncode == 1
    assert done.stderr.startswith("  ✗ --without excludes all services.\n")


def test_the_environment_of_up_reaches_the_services_and_wins(checkout: Checkout) -> None:
    checkout.up(CORS_ALLOWED_ORIGINS="https://example.org", THROTTLE_WRITES="5")
    environ = checkout.ask("alpha", "/environ")
    assert environ["CORS_ALLOWED_ORIGINS"] == "https://example.org"
    assert environ["THROTTLE_WRITES"] == "5"
    assert environ["BLOGBUS_ENV"] == "local"
    assert environ["BLOGBUS_PORT_BASE"] == str(checkout.base)
    assert environ["SERVICE_URL"] == f"http://127.0.0.1:{checkout.port('alpha')}"


ACCIDENTS = {
    "DATABASE_URL": "postgres://elsewhere/other",
    "SERVICE_URL": "http://elsewhere",
    "SERVICE_PORT": "1",
    "EVENTBUS_URL": "http://elsewhere",
    "DJANGO_SETTINGS_MODULE": "other.settings",
    "GUNICORN_CMD_ARGS": "--preload",
    "WEB_CONCURRENCY": "7",
    "SECRET_KEY": "another project's",
    "PGHOST": "elsewhere",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "NODE_ENV": "production",
    "NODE_OPTIONS": "--frozen-intrinsics",
}


def test_what_the_shell_has_for_another_project_reaches_no_service_and_is_named_in_one_line(checkout: Checkout) -> None:
    done = checkout.up(**ACCIDENTS, AWS_SECRET_ACCESS_KEY="hush", LC_NUMERIC="C", HTTPS_PROXY="http://proxy:1")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "Ignored" in line]
    assert all(name in line for name in ACCIDENTS)
    assert "to set it for one service: ALPHA_DATABASE_URL=…" in line
    environ = checkout.ask("alpha", "/environ")
    assert {name: environ.get(name) for name in ACCIDENTS} == dict.fromkeys(ACCIDENTS) | {
        "SERVICE_URL": f"http://127.0.0.1:{checkout.port('alpha')}",
        "EVENTBUS_URL": "",
        "DJANGO_SETTINGS_MODULE": "alpha.settings",
    }
    assert "AWS_SECRET_ACCESS_KEY" not in environ
    assert (environ["LC_NUMERIC"], environ["HTTPS_PROXY"]) == ("C", "http://proxy:1")
    assert environ["HOME"] == os.environ["HOME"]


def test_a_variable_with_a_services_name_reaches_it_alone_also_when_it_starts_again(checkout: Checkout) -> None:
    done = checkout.up(ALPHA_DATABASE_URL="sqlite:///x", ALPHA_LIKES_LIMIT="3", ALPHA_PATH="/nowhere")
    assert "Left out" not in done.stdout
    checkout.manage("restart", "alpha")
    alpha, beta = (checkout.ask(name, "/environ") for name in ("alpha", "beta"))
    assert (alpha["DATABASE_URL"], alpha["ALPHA_LIKES_LIMIT"], alpha["LIKES_LIMIT"]) == ("sqlite:///x", "3", "3")
    assert alpha["PATH"] == beta["PATH"] != "/nowhere"
    assert not {name for name in beta if "DATABASE_URL" in name or "LIKES" in name}


def test_ctrl_c_ends_all(checkout: Checkout) -> None:
    up = checkout.foreground()
    eventually(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGINT)
    assert up.wait(PATIENCE) == 0
    assert sorted((checkout.run_dir / "ended").read_text().split()) == ["alpha", "beta", "gamma"]
    assert checkout.left_behind() == []


def test_ctrl_c_ends_all_at_once(checkout: Checkout) -> None:
    up = checkout.foreground(ALPHA_STAND_IN="stubborn", BETA_STAND_IN="stubborn", GAMMA_STAND_IN="stubborn")
    eventually(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=1.8 * GRACE) == 0  # less than two of the three grace times
    assert checkout.left_behind() == []


def test_a_closed_terminal_ends_all(checkout: Checkout) -> None:
    up = checkout.foreground()
    eventually(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGHUP)
    assert up.wait(PATIENCE) == 0
    assert checkout.left_behind() == []


def test_a_second_ctrl_c_kills_at_once(checkout: Checkout) -> None:
    up = checkout.foreground(ALPHA_STAND_IN="stubborn", BETA_STAND_IN="stubborn", GAMMA_STAND_IN="stubborn")
    eventually(lambda: checkout.said("Ctrl-C"))
    up.send_signal(signal.SIGINT)
    eventually(lambda: checkout.said("Stopping"))
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=4) == 0  # less than one of the three grace times
    assert checkout.left_behind() == []


def test_ctrl_c_while_it_waits_for_readiness_leaves_nothing(checkout: Checkout) -> None:
    up = checkout.foreground(BETA_STAND_IN="unready")
    eventually(lambda: checkout.said("ready on port"))
    up.send_signal(signal.SIGINT)
    assert up.wait(PATIENCE) == 130
    assert checkout.left_behind() == []


def test_a_death_is_told_with_its_status_and_cure_and_the_others_go_on(checkout: Checkout) -> None:
    up = checkout.foreground(BETA_STAND_IN="forks")
    eventually(lambda: checkout.said("Ctrl-C"))
    os.kill(checkout.pid("beta"), signal.SIGKILL)
    eventually(lambda: checkout.said("died (killed by SIGKILL); the other services continue. Start it again: "))
    eventually(lambda: len(checkout.left_behind()) == 3)  # up, alpha, gamma: also the fork is gone
    status = checkout.status()
    assert [status[name]["healthy"] for name in ("alpha", "beta", "gamma")] == [True, False, True]
    assert up.poll() is None


def test_a_start_from_another_terminal_joins_the_foreground(checkout: Checkout) -> None:
    up = checkout.foreground()
    eventually(lambda: checkout.said("Ctrl-C"))
    checkout.manage("stop", "beta")
    eventually(lambda: checkout.said("beta  | stopped"))
    checkout.manage("start", "beta")
    eventually(lambda: checkout.said(f"beta  | started, pid {checkout.pid('beta')}"))
    checkout.ask("beta", "/print/here-again")
    eventually(lambda: checkout.said("beta  | here-again"))
    up.send_signal(signal.SIGTERM)
    assert up.wait(PATIENCE) == 0
    assert checkout.left_behind() == []


def test_down_from_another_terminal_ends_the_foreground(checkout: Checkout) -> None:
    up = checkout.foreground()
    eventually(lambda: checkout.said("Ctrl-C"))
    assert checkout.manage("down").returncode == 0
    assert up.wait(PATIENCE) == 0
    assert checkout.said("stopped from another terminal")


def test_when_up_itself_is_killed_status_and_down_still_work(checkout: Checkout) -> None:
    up = checkout.foreground()
    eventually(lambda: checkout.said("Ctrl-C"))
    up.kill()
    up.wait()
    assert [row["healthy"] for row in checkout.status().values()] == [True, True, True]
    assert checkout.manage("down").returncode == 0
    assert checkout.left_behind() == []
