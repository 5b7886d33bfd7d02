"""`python -m tools.simulation`: many runs under faults; a failing seed tells its story, event by event."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter

from launcher import terminal

from tools.simulation.outcome import Outcome

MECHANISMS = ("inbox", "version", "retry", "parking", "outbox", "republish", "epoch", "recall")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage_all.py simulate", description=__doc__)
    parser.add_argument("--runs", type=_positive, default=200, metavar="N", help="seeds to run (default: %(default)s)")
    parser.add_argument("--actions", type=_positive, default=100, metavar="M", help="per run (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the first run; with --runs 1, its story")
    parser.add_argument("--without", choices=MECHANISMS, help="switch one mechanism off and see what follows")
    parser.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="processes (default: one per core)")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    terminal.use_any_encoding()
    if os.environ.get("PYTHONHASHSEED") != "0":
        # A seed's trace must not depend on the order of sets.
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONHASHSEED": "0"})
    from tools.simulation.workers import outcomes  # not before the options are read: `--help` needs nothing installed

    started, done, actions = time.monotonic(), 0, 0
    faults: Counter[str] = Counter()
    failed: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="blogbus-simulation-") as run_dir:
        for outcome in outcomes(run_dir, range(options.seed, options.seed + options.runs), options):
            done, actions = done + 1, actions + outcome.actions
            faults += outcome.faults
            failed += [outcome] if outcome.violations else []
            _progress(done, options.runs, len(failed), time.monotonic() - started)
            if options.without and failed:
                break
    if options.runs == 1 or failed:
        _tell(failed[0] if failed else outcome)
    _summary(done, actions, faults, failed, outcome.trace_hash, time.monotonic() - started)
    return 1 if failed else 0


def _progress(done: int, runs: int, failed: int, seconds: float) -> None:
    line = f"{done}/{runs} runs, {failed} with violations, {seconds:.0f} s"
    if sys.stdout.isatty():
        print(f"\r{line}", end="" if done < runs else "\n", flush=True)
    elif done == runs or done % max(1, runs // 20) == 0:
        print(line, flush=True)


def _tell(outcome: Outcome) -> None:
    print(f"\nThe story of seed {outcome.seed}:\n")
    print("\n".join(outcome.trace))
    for violation in outcome.violations:
        print(f"VIOLATION: {violation}")


def _summary(
    done: int, actions: int, faults: Counter[str], failed: list[Outcome], trace_hash: str, seconds: float
) -> None:
    print(f"\n{done} runs, {actions} actions, {sum(faults.values())} faults in {seconds:.0f} s:")
    for kind, count in sorted(faults.items()):
        print(f"  {count:7}  {kind}")
    print(f"trace of the last run: {trace_hash}")
    seeds = f" (seeds {', '.join(str(outcome.seed) for outcome in failed[:10])})" if failed else ""
    print(f"violations: {len(failed)}{seeds}")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
