"""`python3 manage_all.py bench`: Blogbus and an Express build of the same blog, measured in turns on this machine."""

import asyncio
import itertools
import json
import sys
import time
from argparse import Namespace
from pathlib import Path

from launcher import terminal
from launcher.arguments import Parser, one_of, whole
from launcher.setup import node

from benchmarks.plot import svg
from benchmarks.scenarios import SCENARIOS, VARIABLES, Scenario, forget
from benchmarks.table import Table

ROOT = Path(__file__).resolve().parents[1]
FULL, QUICK = (5, 5.0), (2, 1.5)
"""rounds, and seconds of each load"""
NO_NODE = "There is no usable Node.js (20.19, or 22.12 and newer): Blogbus is measured alone, without ratios."


def arguments() -> Namespace:
    names = [scenario.name for scenario in SCENARIOS]
    parser = Parser(prog="manage_all.py bench", description=__doc__)
    what = f"of {', '.join(names)}; all by default"
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", type=one_of(names), help=what)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK[0]} short rounds: rough figures in minutes")
    parser.add_argument("--seconds", type=float, metavar="S", help="of each load, instead of 5, or 1.5 with --quick")
    parser.add_argument("--rounds", type=whole, metavar="N", help="instead of 5, or 2 with --quick")
    parser.add_argument("--json", action="store_true", help="print the figures of each round as JSON")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the ratios, too")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    terminal.use_any_encoding()
    chosen = [scenario for scenario in SCENARIOS if not options.scenarios or scenario.name in options.scenarios]
    with_peer = bool(node.version(node.search_path(ROOT)))
    if not with_peer:
        print(NO_NODE, file=sys.stderr)
    rounds, seconds = QUICK if options.quick else FULL
    table, begun = Table(), time.monotonic()
    for _, scenarios in itertools.groupby(chosen, key=lambda scenario: scenario.world):
        _run(
            list(scenarios),
            table,
            options.rounds or rounds,
            options.seconds or seconds,
            with_peer=with_peer,
            begun=begun,
        )
    if options.svg:
        options.svg.write_text(svg(table.rows.values()), encoding="utf-8")
    if options.json:
        print(json.dumps(table.as_json(), indent=2))
    else:
        print(
            f"\n{table.as_markdown()}\n\nMedians; ratio above 1: Blogbus is better. {time.monotonic() - begun:.0f} s."
        )
    return 0


def _run(
    scenarios: list[Scenario], table: Table, rounds: int, seconds: float, *, with_peer: bool, begun: float
) -> None:
    """All rounds of the scenarios of one world, on new systems that take turns."""
    from benchmarks.systems import running  # needs packages, and `--help` none

    forget()
    with_peer = with_peer and not all(scenario.alone for scenario in scenarios)
    with running(with_peer, VARIABLES.get(scenarios[0].world, {})) as systems:
        for scenario in scenarios:
            for number in range(rounds):
                # Who begins changes: the second of a pair meets a warmer, or a more tired, machine.
                for system in systems if number % 2 else reversed(systems):
                    at = f"{time.monotonic() - begun:4.0f} s"
                    print(f"{at}  {scenario.name}, round {number + 1} of {rounds}: {system.name}", file=sys.stderr)
                    table.add(scenario, system.name, asyncio.run(scenario.run(system, seconds)))


if __name__ == "__main__":
    sys.exit(main())
