"""What the simulator prints: progress, the story of one run, and a summary of all."""

import re
import sys

from tools.simulation.outcome import FAULTS, LARGE, Outcome, Total

VIOLATION = "VIOLATION: "


def progress(total: Total, runs: int, seconds: float) -> None:
    line = f"{total.runs}/{runs} runs, {len(total.failed)} with violations, {seconds:.0f} s"
    if sys.stdout.isatty():
        print(f"\r{line}", end="" if total.runs < runs else "\n", flush=True)
    elif total.runs == runs or total.runs % max(1, runs // 20) == 0:
        print(line, flush=True)


def failure(outcome: Outcome) -> None:
    """A run with violations, as soon as it ends: many more may follow."""
    print(f"seed {outcome.seed}: {outcome.violations[0]}", flush=True)


def story(outcome: Outcome) -> None:
    """Which guarantees a run breaks, what happened to the first of the subjects concerned, then the whole run."""
    concerned = _subjects(outcome.violations[:1])
    if outcome.violations:
        print(f"\nSeed {outcome.seed} breaks a guarantee:\n")
        for violation in dict.fromkeys(outcome.violations):
            print(_red(VIOLATION + violation))
        print(f"\nWhat happened to {' and '.join(sorted(concerned)) or 'it'} (line of the story, seconds):\n")
        for number, line in enumerate(outcome.trace, 1):
            if _subjects([line]) & concerned:
                print(f"{number:6} {line}")
    print(f"\nThe story of seed {outcome.seed}:\n")
    for line in outcome.trace:
        print(_red(line) if _subjects([line]) & concerned else line)


def _subjects(lines: list[str]) -> set[str]:
    """The short names of posts and comments in `lines`."""
    return set(re.findall(r"\bs\d+\b", " ".join(lines)))


def summary(total: Total, trace_hash: str, seconds: float) -> None:
    print(f"\n{total.runs} runs, {total.actions} actions, {sum(total.faults.values())} faults in {seconds:.0f} s")
    for group, faults in FAULTS.items():
        print(f"{group}:")
        for fault in faults:
            print(f"  {total.faults[fault]:7}  {fault}")
    print(f"trace of the last run: {trace_hash}")
    for fault in total.missing():
        print(_red(f"never happened in {total.actions} actions: {fault}"))
    if total.actions < LARGE:
        print(f"Whether every fault happened is checked from {LARGE} actions on.")
    seeds = f" (seeds {', '.join(str(outcome.seed) for outcome in total.failed[:10])})" if total.failed else ""
    print(f"violations: {len(total.failed)}{seeds}")


def _red(text: str) -> str:
    return f"\033[1;31m{text}\033[0m" if sys.stdout.isatty() else text
