"""The processes that run the seeds; each sets Django up once, in a run directory of its own."""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tools.one_process import become_all_services
from tools.simulation.outcome import Outcome


def outcomes(run_dir: str, seeds: range, options: argparse.Namespace) -> Iterator[Outcome]:
    """In the order of the seeds, as they come."""
    pool = ProcessPoolExecutor(min(options.jobs, len(seeds)), get_context("spawn"), _set_up, (run_dir,))
    try:
        yield from pool.map(_one, [(seed, options.actions, options.without) for seed in seeds])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _set_up(run_dir: str) -> None:
    become_all_services(f"{run_dir}/{os.getpid()}")


def _one(work: tuple[int, int, str | None]) -> Outcome:
    from tools.simulation.run import simulate

    return simulate(*work)
