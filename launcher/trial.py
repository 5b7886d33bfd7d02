"""A whole system of its own for a test: free ports, a temporary run directory, and nothing left of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import environment, ports, project
from launcher.context import Context
from launcher.problems import Problem

IMPATIENT = {"EVENTBUS_ATTEMPTS": "5"}
"""nobody wants to wait a minute for a dead letter"""


@contextmanager
def system(context: Context) -> Iterator[dict[str, str]]:
    """While it runs: the URL of the blog, and what makes `manage_all.py` speak of this system."""
    base = free_base(context.project.root)
    with tempfile.TemporaryDirectory(prefix="blogbus-") as run_dir:
        ours = environment.of_tests(os.environ, context.project.names)
        environ = {**ours, **IMPATIENT, "BLOGBUS_RUN_DIR": run_dir}
        manage = [sys.executable, str(context.project.root / "manage_all.py")]
        up = [*manage, "up", "--detach", "--no-open", "--port-base", str(base)]
        try:
            # A group of its own: Ctrl-C reaches us alone, and we end it in order.
            if subprocess.run(up, env=environ, start_new_session=True, check=False).returncode:
                raise Problem("The system did not come up.")
            page = project.load(context.project.root, base).frontend
            yield {"BLOGBUS_URL": page.url if page else "", "BLOGBUS_RUN_DIR": run_dir}
        finally:
            subprocess.run([*manage, "down"], env=environ, start_new_session=True, check=False)


def free_base(root: Path) -> int:
    """A port base with all its ports free."""
    # At random, so that two who look at the same time do not find the same.
    for base in random.sample(range(12_000, 30_000, 10), 200):
        found = [service.port for service in project.load(root, base).services]
        if all(ports.is_free(port) and not ports.refused_by_browsers(port) for port in found):
            return base
    raise Problem("No free ports were found between 11000 and 30000.")
