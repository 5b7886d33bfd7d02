"""Reading logs while they grow."""

from __future__ import annotations

from pathlib import Path

from launcher.run import logs


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
