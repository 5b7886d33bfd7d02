"""manage_all.py as a person calls it, on ports and in a run directory of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from launcher.project import ALONE, Service, Shape, load
from launcher.run.ports import free_base
from launcher.setup import environment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0
"""seconds for one command; the first `up` of a checkout also builds the frontend"""


class Manage:
    def __init__(
        self, run_dir: Path, environ: Mapping[str, str], port_base: int | None = None, shape: Shape = ALONE
    ) -> None:
        self.run_dir, self.shape = run_dir, shape
        self.port_base = port_base or free_base(ROOT, shape)
        # What the tests themselves were started with must not reach the services.
        ours = environment.of_tests(os.environ, self.services)
        self.environ = {**ours, **environ, "BLOGBUS_RUN_DIR": str(run_dir)}

    @property
    def services(self) -> dict[str, Service]:
        """In their start order."""
        return {service.name: service for service in load(ROOT, self.port_base, shape=self.shape).services}

    def __call__(self, *arguments: str, environ: Mapping[str, str] = MappingProxyType({})) -> str:
        """What the command printed, with more variables. Raises AssertionError where it failed."""
        with self.begun(*arguments, environ=environ) as command:
            try:
                said, _ = command.communicate(timeout=PATIENCE)
            except BaseException:
                command.terminate()  # politely: it takes back what it has started
                raise
        assert command.returncode == 0, f"manage_all.py {' '.join(arguments)} ended with {command.returncode}:\n{said}"
        return said

    def begun(self, *arguments: str, environ: Mapping[str, str] = MappingProxyType({})) -> subprocess.Popen[str]:
        """The command, running."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage_all.py"), *arguments],
            env={**self.environ, **environ},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the tests alone, and they end everything in order
        )

    def up(self, without: tuple[str, ...] = ()) -> None:
        left_out = ("--without", ",".join(without)) if without else ()
        replicas = ",".join(f"{name}={count}" for name, count in self.shape.replicas)
        shape = [("--engine", ",".join(self.shape.engines)), ("--replicas", replicas)]
        more = [word for option, value in shape if value for word in (option, value)]
        self("up", "--detach", "--no-open", "--port-base", str(self.port_base), *left_out, *more)

    def processes(self) -> list[str]:
        """The command lines of whatever still runs for this run directory, as far as Linux tells."""
        mark = f"BLOGBUS_RUN_DIR={self.run_dir}\0".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes():
                    found.append(f"{entry.name}: {(entry / 'cmdline').read_bytes().decode().replace(chr(0), ' ')}")
            except OSError:
                continue
        return found
