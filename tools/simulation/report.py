"""What the simulator prints: progress, the story of one run, and a summary of all."""

import re

from launcher import terminal

from tools.simulation.outcome import FAULTS, LARGE, Outcome, Total

VIOLATION = "VIOLATION: "
NAME = re.compile(r"\bs\d+\b")
AROUND = 30
"""lines of the story that are printed first"""


def progress(total: Total, runs: int, seconds: float) -> None:
    line = f"{total.runs}/{runs} runs, {len(total.failed)} with violations, {seconds:.0f} s"
    if terminal.is_terminal():
        print(f"\r{line}", end="" if total.runs < runs else "\n", flush=True)
    elif total.runs == runs or total.runs % max(1, runs // 20) == 0:
        print(line, flush=True)


def failure(outcome: Outcome) -> None:
    """A run with violations, as soon as it ends: many more may follow."""
    many = len(_distinct(outcome))
    begin = "\r\x1b[K" if terminal.is_terminal() else ""  # in place of the progress
    print(f"{begin}seed {outcome.seed}: {many} {'violation' if many == 1 else 'violations'}", flush=True)


def story(outcome: Outcome) -> None:
    """What happened to the first subject of which a guarantee is broken, each violation once, then the whole run."""
    violations = _distinct(outcome)
    if violations:
        _around(outcome, violations[0])
        print(f"\nAll violations of seed {outcome.seed}:\n")
        for violation in violations:
            print(_red(VIOLATION + violation))
    print(f"\nThe story of seed {outcome.seed}:\n")
    concerned = _subjects(violations[0]) if violations else set()
    for line in outcome.trace:
        print(_red(line) if _subjects(line) & concerned else line)


def _around(outcome: Outcome, violation: str) -> None:
    """The lines of the run about the subject of `violation`; of a long one the last."""
    concerned = _subjects(violation)
    lines = [(number, line) for number, line in enumerate(outcome.trace, 1) if _subjects(line) & concerned]
    print(f"\nSeed {outcome.seed} breaks a guarantee. What happened to {' and '.join(sorted(concerned)) or 'it'}")
    print(f"(line of {len(outcome.trace)}, seconds, what):\n")
    if len(lines) > AROUND:
        print(f"     …  {len(lines) - AROUND} lines before, see below")
    for number, line in lines[-AROUND:]:
        print(f"{number:6} {_marked(line, concerned)}")
    print(f"{'':6} {_red('→ ' + violation)}")


def _distinct(outcome: Outcome) -> list[str]:
    """Each violation once; those that name a post or a comment first: only these can be followed in the story."""
    return sorted(dict.fromkeys(outcome.violations), key=lambda violation: not _subjects(violation))


def _subjects(text: str) -> set[str]:
    """The short names of posts and comments in `text`."""
    return set(NAME.findall(text))


def _marked(line: str, concerned: set[str]) -> str:
    return NAME.sub(lambda found: _red(found[0]) if found[0] in concerned else found[0], line)


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
    return terminal.paint(text, 31)
