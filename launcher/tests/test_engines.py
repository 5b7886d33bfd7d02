"""`up --engine`: a server for the log beside the services."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from launcher.run import engines
from launcher.run.engines import ENGINES
from launcher.tests.checkout import PATIENCE, Checkout
from svc_chassis.testing.eventually import eventually


@pytest.fixture
def with_nats(checkout: Checkout) -> Checkout:
    """NATS comes with the packages, which a checkout in miniature has not."""
    server = checkout.root / ".venv" / "bin" / "nats-server"
    server.symlink_to(Path(sys.executable).parent / "nats-server")
    return checkout


def test_an_engine_is_started_and_stopped_with_the_services_and_each_by_its_name(with_nats: Checkout) -> None:
    done = with_nats.up("--engine", "nats")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"nats://127.0.0.1:{with_nats.base + 8}" in done.stdout
    assert [name for name, row in with_nats.status().items() if row["healthy"]] == ["nats", "alpha", "beta", "gamma"]

    assert "stopped in" in with_nats.manage("stop", "nats").stdout
    assert [name for name, row in with_nats.status().items() if not row["healthy"]] == ["nats"]
    assert "ready on port" in with_nats.manage("start", "nats").stdout
    assert "Server is ready" in with_nats.manage("logs", "nats").stdout
    with_nats.manage("down")
    assert with_nats.left_behind() == []


@pytest.fixture
def with_rabbitmq(checkout: Checkout) -> Checkout:
    for program, package in ENGINES["rabbitmq"].needs.items():
        if not engines.program(program):
            pytest.skip(f"RabbitMQ needs {program}: sudo apt-get install {package}")
    return checkout


def test_rabbitmq_is_stopped_with_all_that_it_started(with_rabbitmq: Checkout) -> None:
    assert with_rabbitmq.up("--engine", "rabbitmq", "--without", "alpha,beta").returncode == 0
    with_rabbitmq.manage("stop", "gamma", "rabbitmq")
    eventually(lambda: with_rabbitmq.left_behind() == [])

    assert "ready on port" in with_rabbitmq.manage("start", "rabbitmq").stdout
    with_rabbitmq.manage("down")
    eventually(lambda: with_rabbitmq.left_behind() == [])


@pytest.mark.parametrize("seconds", [0.2, 1.0, 2.0, 3.0])
def test_ctrl_c_while_rabbitmq_starts_leaves_nothing(with_rabbitmq: Checkout, seconds: float) -> None:
    up = with_rabbitmq.foreground("--engine", "rabbitmq")
    eventually((with_rabbitmq.run_dir / "processes" / "rabbitmq.json").exists)
    time.sleep(seconds)
    up.send_signal(signal.SIGINT)

    assert up.wait(PATIENCE) == 130
    eventually(lambda: with_rabbitmq.left_behind() == [])


def test_reset_deletes_what_it_stored(with_nats: Checkout) -> None:
    with_nats.up("--engine", "nats")
    assert (with_nats.run_dir / "engines" / "nats" / "data").is_dir()
    assert with_nats.manage("reset", "--yes").returncode == 0
    assert not (with_nats.run_dir / "engines").exists()


def test_another_log_than_the_one_that_is_up_is_refused(with_nats: Checkout) -> None:
    with_nats.up()
    done = with_nats.up("--engine", "nats")
    assert (done.returncode, "already runs with other engines or replicas" in done.stderr) == (1, True)
    assert "nats" not in with_nats.status()


def test_two_wishes_for_the_log_are_refused(with_nats: Checkout) -> None:
    done = with_nats.up("--engine", "nats", EVENTBUS_LOG="database://")
    assert done.returncode == 1
    assert "Unset EVENTBUS_LOG, or leave out --engine." in done.stderr


@pytest.mark.parametrize(
    ("engine", "program", "packages"),
    [("kafka", "java", ["openjdk-17-jre-headless", "maven"]), ("rabbitmq", "epmd", ["erlang-base"])],
)
def test_what_an_engine_needs_is_named_with_the_command_that_installs_it(
    checkout: Checkout, engine: str, program: str, packages: list[str]
) -> None:
    done = checkout.up("--engine", engine, PATH="/nowhere")
    assert done.returncode == 1
    assert f"{ENGINES[engine].title} needs {program}." in done.stderr
    for package in packages:
        assert f"sudo apt-get install {package}" in done.stderr
    assert checkout.left_behind() == []


def test_an_engine_that_is_not_up_cannot_be_stopped(checkout: Checkout) -> None:
    checkout.up()
    done = checkout.manage("stop", "nats")
    assert (done.returncode, "There is no service 'nats'." in done.stderr) == (1, True)
