"""`python -m tools.simulation`: many runs under faults; of a run that fails, the events are printed."""

import os
import sys
import tempfile
import time
from argparse import Namespace

from launcher import terminal
from launcher.arguments import Parser, whole

from tools.simulation import report
from tools.simulation.outcome import Total

ABOUT = (
    "Runs all services in one process under random faults, once for each seed, and checks the guarantees. "
    "Prints the events of the first run that fails."
)
MECHANISMS = (
    "inbox",
    "version",
    "retry",
    "parking",
    "outbox",
    "republish",
    "epoch",
    "recall",
    "suspicion",
    "unhandled",
    "floor",
    "void",
    "erasure",
)


def arguments() -> Namespace:
    parser = Parser(prog="manage_all.py simulate", description=ABOUT)
    parser.add_argument("--runs", type=whole, default=200, metavar="N", help="seeds to run (default: %(default)s)")
    parser.add_argument("--actions", type=whole, default=100, metavar="M", help="per run (default: %(default)s)")
    of_first = "seed of the first run (default: %(default)s); --runs 1 prints its events"
    parser.add_argument("--seed", type=int, default=0, metavar="S", help=of_first)
    off = f"switch one mechanism off, to see what it prevents: {', '.join(MECHANISMS)}"
    parser.add_argument("--without", metavar="MECHANISM", choices=MECHANISMS, help=off)
    parser.add_argument("--jobs", type=whole, default=os.cpu_count() or 1, help="processes (default: one per core)")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    terminal.use_any_encoding()
    if os.environ.get("PYTHONHASHSEED") != "0":
        # A seed's trace must not depend on the order of sets.
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONHASHSEED": "0"})
    from tools.simulation.workers import outcomes  # not before the options are read: `--help` needs nothing installed

    started, total = time.monotonic(), Total()
    with tempfile.TemporaryDirectory(prefix="blogbus-simulation-") as run_dir:
        for outcome in outcomes(run_dir, range(options.seed, options.seed + options.runs), options):
            total.add(outcome)
            if outcome.violations:
                report.failure(outcome)
            report.progress(total, options.runs, time.monotonic() - started)
            if options.without and total.failed:
                break
    if options.runs == 1 or total.failed:
        report.story(total.failed[0] if total.failed else outcome)
    report.summary(total, outcome.trace_hash, time.monotonic() - started)
    return 1 if total.failed or (total.missing() and not options.without) else 0


if __name__ == "__main__":
    sys.exit(main())
