"""The processes that run the seeds; each sets Django up once, in a run directory of its own."""

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from system_tests.simulation.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ("DATABASE_URL", "EVENTBUS_LOG", "EVENTS_SECRET", "EVENTS_PEER_SECRETS", "EVENTS_ALLOW_UNSIGNED")
"""environment variables by which a service would leave the simulated world"""


def outcomes(run_dir: str, seeds: range, options: argparse.Namespace) -> Iterator[Outcome]:
    """In the order of the seeds, as they come."""
    pool = ProcessPoolExecutor(min(options.jobs, len(seeds)), get_context("spawn"), _set_up, (run_dir,))
    try:
        yield from pool.map(_one, [(seed, options.actions, options.without) for seed in seeds])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _set_up(run_dir: str) -> None:
    for name in OTHERS:
        os.environ.pop(name, None)
    os.environ |= {"BLOGBUS_ENV": "local", "BLOGBUS_RUN_DIR": f"{run_dir}/{os.getpid()}"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "system_tests.all_services"
    sys.path[:0] = [str(folder) for folder in ROOT.glob("*_svc")]
    import django

    django.setup()


def _one(work: tuple[int, int, str | None]) -> Outcome:
    from system_tests.simulation.run import simulate

    return simulate(*work)
