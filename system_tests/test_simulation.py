"""The simulator as anyone runs it: nothing is lost under any fault, and each mechanism is what prevents it."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from launcher import terminal
from tools.simulation import report
from tools.simulation.__main__ import MECHANISMS
from tools.simulation.outcome import FAULTS, LARGE, Outcome, Total

ROOT = Path(__file__).resolve().parents[1]
FEWEST = 5
"""times that each kind of fault happens at least in 60 runs"""


def simulate(*options: str, **environ: str) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / "manage_all.py"), "simulate", *options]
    shell = {**os.environ, **environ}
    done = subprocess.run(command, cwd=ROOT, env=shell, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout + done.stderr


def outcome(actions: int, log_full: int = 0) -> Outcome:
    return Outcome(0, actions, Counter({"log full": log_full}), [], "", [])


def test_60_runs_keep_every_guarantee_under_every_kind_of_fault() -> None:
    code, said = simulate("--runs", "60", "--actions", "100")

    print(said[-1500:])
    counts = {kind: int(count) for count, kind in re.findall(r"^ +(\d+)  (.+)$", said, re.MULTILINE)}
    assert code == 0, said[-8000:]
    assert "violations: 0" in said
    assert counts.keys() == {fault for group in FAULTS.values() for fault in group}
    assert {fault: count for fault, count in counts.items() if count < FEWEST} == {}


def test_a_fault_that_never_happens_in_a_large_run_fails_it() -> None:
    total = Total()
    total.add(outcome(actions=LARGE - 1))
    assert total.missing() == []
    total.add(outcome(actions=1, log_full=1))
    assert "discard" in total.missing()
    assert "log full" not in total.missing()


def test_the_same_seed_gives_the_same_trace() -> None:
    first, second = simulate("--runs", "1", "--seed", "7"), simulate("--runs", "1", "--seed", "7")

    # Another test may use this checkout meanwhile.
    strip = re.compile(r" in \d+ s|, \d+ s$|^  Waiting for another .*\n", re.MULTILINE)
    assert strip.sub("", first[1]) == strip.sub("", second[1])
    assert "The story of seed 7:" in first[1]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_story_shows_on_any_terminal(encoding: str) -> None:
    code, said = simulate("--runs", "1", "--actions", "20", PYTHONIOENCODING=encoding)

    assert code == 0, said
    assert "The story of seed 0:" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--witout", "inbox"), "unknown option --witout. Did you mean --without?"),
        (("--without", "inbx"), "erasure. Did you mean inbox?"),
        (("--runs", "0"), "'0' is not a whole number from 1"),
    ],
)
def test_a_mistyped_word_is_a_usage_error_that_names_what_was_meant(words: tuple[str, ...], says: str) -> None:
    code, said = simulate(*words)

    assert code == 2
    assert says in said


TRACE = ["    0.000  query starts", *(f"    {n}.000  s1 goes on" for n in range(1, 33)), "   33.000  s2 was sent twice"]
BROKEN = ["a count is wrong", "s2 was applied twice", "s2 was applied twice"]
TOLD = """
Seed 4 breaks a guarantee. What happened to s2
(line of 34, seconds, what):

    34    33.000  <s2> was sent twice
       <→ s2 was applied twice>

All violations of seed 4:

<VIOLATION: s2 was applied twice>
<VIOLATION: a count is wrong>

The story of seed 4:

"""


def test_a_story_begins_around_the_point_that_is_broken_and_tells_each_violation_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Outcome(4, 10, Counter(), BROKEN, "", TRACE)
    report.story(failed)
    plain = TOLD.replace("<", "").replace(">", "") + "\n".join(TRACE) + "\n"
    assert capsys.readouterr().out == plain

    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    report.story(failed)
    red = capsys.readouterr().out.replace("\x1b[31m", "<").replace("\x1b[0m", ">")
    assert red == TOLD + "\n".join([*TRACE[:-1], f"<{TRACE[-1]}>"]) + "\n"

    monkeypatch.setenv("NO_COLOR", "1")
    report.story(failed)
    assert capsys.readouterr().out == plain


def test_of_a_long_story_the_end_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    report.story(Outcome(4, 10, Counter(), ["s1 is lost"], "", TRACE))
    assert "     …  2 lines before, see below\n     4     3.000  s1 goes on\n" in capsys.readouterr().out


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_without_one_mechanism_the_checker_finds_what_follows(mechanism: str) -> None:
    # Short runs: what a lost log or a replay would correct later must show at the end. A restore needs a longer one.
    actions = "100" if mechanism == "floor" else "20"
    # One process: the first run that finds it may be the first one, and each of the others would be waited for.
    code, said = simulate("--without", mechanism, "--runs", "600", "--actions", actions, "--jobs", "1")

    assert code == 1
    assert "VIOLATION: " in said, said[-2000:]
