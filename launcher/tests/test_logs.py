"""Reading logs while they grow."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launcher.run import logs
from launcher.tests.checkout import Checkout


def test_only_whole_new_lines_are_followed(tmp_path: Path) -> None:
    log = tmp_path / "alpha.log"
    log.write_text("old\n")
    follower = logs.Follower({"alpha": log, "beta": tmp_path / "not-yet.log"})
    with log.open("a") as file:
        file.write("new\nhal")
    assert list(follower.new_lines()) == [("alpha", "new")]
    with log.open("a") as file:
        file.write("f\n")
    (tmp_path / "not-yet.log").write_text("now\n")
    assert list(follower.new_lines()) == [("alpha", "half"), ("beta", "now")]


def test_a_log_that_was_put_aside_is_followed_from_its_new_beginning(tmp_path: Path) -> None:
    log = tmp_path / "alpha.log"
    log.write_text("a long old line\n")
    follower = logs.Follower({"alpha": log})
    log.write_text("new\n")
    assert list(follower.new_lines()) == [("alpha", "new")]


def test_the_end_of_a_log_is_shown_plain_and_names_the_file(tmp_path: Path) -> None:
    log = tmp_path / "alpha.log"
    log.write_text("".join(f"\x1b[31m{number}\x1b[0m\n" for number in range(100)))
    shown = logs.tail(log).splitlines()
    assert shown[0] == "  85"
    assert shown[-2:] == ["  99", f"Full log: {log}"]
    assert logs.last_line(log) == "99"


CHAIN, EVENT, COMMENT = "3be9bf30-a5ce", "8a9600e6-be84", "c95a5741-1c63"


def lines_about_chains(checkout: Checkout) -> None:
    """What services wrote about two chains: alpha has put a large log aside, beta writes JSON, in UTC."""
    logs = checkout.run_dir / "logs"
    logs.mkdir(parents=True)
    at = datetime(2026, 11, 30, 11, 31, 25)  # noqa: DTZ001 - local, as alpha writes it
    said = [
        f"{at} published correlationid={CHAIN} id={EVENT} subject={COMMENT}",
        f"{at} failed id={EVENT} error=ValueError at=views.py:1",
        "Traceback (most recent call last):",
        f"{at} published correlationid=another id=other subject={COMMENT}x",
    ]
    stamps = (".400", ".900", "", ".950")
    first, *rest = [line.replace(str(at), f"{at}{stamp}") for line, stamp in zip(said, stamps, strict=True)]
    (logs / "alpha.log.1").write_text(f"{first}\n")
    (logs / "alpha.log").write_text("".join(f"{line}\n" for line in rest))
    utc = at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00")
    of_both = {"event": "delivered", "correlationids": [CHAIN, "another"], "timestamp": f"{utc}.500000Z"}
    (logs / "beta.log").write_text(json.dumps(of_both) + "\n")


@pytest.mark.parametrize("wanted", [CHAIN, EVENT, COMMENT])
def test_the_lines_of_a_chain_are_gathered_in_order_of_time(checkout: Checkout, wanted: str) -> None:
    """Also those that name an event of it only; and the chain is found by an event or by what that is about."""
    lines_about_chains(checkout)
    done = checkout.manage("logs", "--chain", wanted)
    assert (done.returncode, done.stderr) == (0, "")
    said = [(line.split("|")[0].strip(), line.split("| ")[1]) for line in done.stdout.splitlines()]
    assert [name for name, _ in said] == ["alpha", "beta", "alpha", "alpha"]
    assert [re.search(r"published|delivered|failed|Traceback", line)[0] for _, line in said] == [  # type: ignore[index]
        "published",
        "delivered",
        "failed",
        "Traceback",
    ]


def test_lines_that_have_no_chain_do_not_belong_together(checkout: Checkout) -> None:
    """Where an event came from a foreign service without a chain: None locally, null in JSON."""
    lines_about_chains(checkout)
    logs = checkout.run_dir / "logs"
    with (logs / "alpha.log").open("a") as alpha, (logs / "beta.log").open("a") as beta:
        for event in ("e1", "e2"):
            alpha.write(f"2026-11-30 11:31:27.000 [error] dead letter correlationid=None id={event}\n")
            said = {"id": event, "correlationid": None, "timestamp": "2026-11-30T11:31:28.000000Z"}
            beta.write(json.dumps(said) + "\n")
    done = checkout.manage("logs", "--chain", "e1")
    assert re.findall(r"\be[12]\b", done.stdout) == ["e1", "e1"]
    assert len(done.stdout.splitlines()) == 2


def test_a_line_about_many_chains_is_found_by_each_and_shows_their_number(checkout: Checkout) -> None:
    """A long one is several lines, of which those that name the chain are shown."""
    lines_about_chains(checkout)
    with (checkout.run_dir / "logs" / "alpha.log").open("a") as alpha:
        for part, chains in enumerate((["another", "third"], ["fourth", CHAIN, "fifth"]), 1):
            alpha.write(f"2026-11-30 11:31:27.000 [info] stored correlationids={chains} events=5 part='{part} of 2'\n")
    said = checkout.manage("logs", "--chain", CHAIN).stdout
    assert re.findall(r"stored .*", said) == ["stored chains=3 events=5 part='2 of 2'"]


def test_of_a_log_without_times_only_the_lines_that_name_the_id_are_shown(checkout: Checkout) -> None:
    lines_about_chains(checkout)
    server = checkout.run_dir / "logs" / "gamma.log"
    server.write_text(f"ready\n[vite] http proxy error: /posts/{COMMENT}\n  at connect\n")
    said = checkout.manage("logs", "--chain", COMMENT).stdout.splitlines()
    assert [line for line in said if line.startswith("gamma")] == [f"gamma | [vite] http proxy error: /posts/{COMMENT}"]
    assert len(said) == 5


def test_of_a_chain_that_no_log_names_the_cure_is_told(checkout: Checkout) -> None:
    done = checkout.manage("logs", "--chain", CHAIN)
    assert done.returncode == 1
    assert done.stderr == (
        f"  ✗ No line of the logs names '{CHAIN}'.\n    There are no logs yet: start the services, and try it again.\n"
    )
    lines_about_chains(checkout)
    done = checkout.manage("logs", "--chain", CHAIN[:-1])
    assert done.returncode == 1
    assert "Take the correlation id from an event on the flow page, or from GET /bus/events/<id>." in done.stderr


def test_a_chain_is_not_followed(checkout: Checkout) -> None:
    done = checkout.manage("logs", "-f", "--chain", CHAIN)
    assert done.returncode == 2
    assert "argument --chain: not allowed with argument -f/--follow" in done.stderr


def test_of_a_chain_all_lines_are_shown(checkout: Checkout) -> None:
    done = checkout.manage("logs", "--chain", CHAIN, "-n", "5")
    assert done.returncode == 2
    assert "argument -n/--lines: not allowed with argument --chain" in done.stderr
