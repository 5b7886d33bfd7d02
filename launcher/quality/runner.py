"""`test` and `check`: run suites one after the other and print a summary."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from launcher import project, terminal
from launcher.context import Context
from launcher.project import Interrupted, Problem
from launcher.quality import suites
from launcher.quality.suites import Suite
from launcher.run import ports
from launcher.setup import environment, node, venv
from launcher.setup.frontend import frontend_steps, node_steps, packages_steps

PATIENCE = 30.0  # seconds that an interrupted suite has to stop what it started
NAMED = 20
"""tests of one suite that the summary names at most"""
IMPATIENT = {"EVENTBUS_ATTEMPTS": "5"}
"""dead letters within seconds, not a minute"""


@dataclass(frozen=True)
class Result:
    suite: str
    state: str  # passed, failed, left out
    note: str
    remarks: Sequence[str] = ()  # which tests failed, and why some were skipped


def test(context: Context, names: Sequence[str], strict: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="blogbus-tests-") as reports:
        return _run_all(context, suites.chosen(suites.tests(context.project, Path(reports)), names), strict)


def check(context: Context, names: Sequence[str], strict: bool) -> int:
    return _run_all(context, suites.chosen(suites.checks(context.project), names), strict)


def become(context: Context, module: str, options: Sequence[str] = (), with_peer: bool = False) -> int:
    """Replace this process by a program such as the simulator, with its own options.

    `with_peer`: install the Express services that the benchmarks compare with, where there is Node.js.
    """
    project = context.project
    python = Path(sys.executable)
    if not any(_asks_for_help(option) for option in options):
        # What the program prints may be JSON.
        with redirect_stdout(sys.stderr), context.installing() as run:
            run([venv.python_steps(project, "requirements-dev.txt")])
            if with_peer and node.version(node.search_path(project.root)):
                run([packages_steps(project, "benchmarks/peer", "Packages of the Express services")])
        python = project.python
    os.chdir(project.root)
    environ = environment.of_tests(os.environ, project.names)
    os.execve(python, [str(python), "-m", module, *options], environ)


def _asks_for_help(option: str) -> bool:
    """`-h`, `--help`, or an abbreviation of it, as argparse accepts them."""
    return option == "-h" or (len(option) > 2 and "--help".startswith(option))


def _run_all(context: Context, chosen: Sequence[Suite], strict: bool) -> int:
    strict = strict or os.environ.get("CI") == "true"
    _prepare(context, chosen)
    results = []
    for suite in chosen:
        terminal.say("\n" + terminal.bold(terminal.paint(f"── {suite.name} ".ljust(72, "─"), 36)))
        results.append(_run(context, suite, strict))
    return _sum_up(results, strict)


def _prepare(context: Context, chosen: Sequence[Suite]) -> None:
    project = context.project
    with context.installing() as run:
        run([venv.python_steps(project, "requirements-dev.txt")])
        if project.frontend and any(suite.needs_frontend for suite in chosen):
            run([node_steps(project)])
            run([frontend_steps(project, build=False)])


def _run(context: Context, suite: Suite, strict: bool) -> Result:
    if suite.left_out:
        terminal.say(f"left out: {suite.left_out}")
        return Result(suite.name, "left out", suite.left_out)
    began = time.monotonic()
    try:
        code = _call_with_system(context, suite) if suite.needs_system else _call(context, suite, {})
    except Problem as problem:
        terminal.complain(problem.what, problem.cure)
        return Result(suite.name, "failed", problem.what)
    counted, failed, skipped = _counted(suite)
    note = f"{terminal.took(time.monotonic() - began)}{counted}"
    return Result(suite.name, "failed" if code or (strict and skipped) else "passed", note, [*failed, *skipped])


def _call_with_system(context: Context, suite: Suite) -> int:
    with system(context) as environ:
        return _call(context, suite, environ)


def _call(context: Context, suite: Suite, more: dict[str, str]) -> int:
    environ = {**suite.command.environ, **more}
    child = subprocess.Popen(suite.command.argv, cwd=suite.command.folder, env=environ, start_new_session=True)
    try:
        while child.poll() is None:
            context.interrupts.pause(0.05)
    except Interrupted:
        # Like Ctrl-C in its own terminal, so that it can stop the processes that it started.
        os.killpg(child.pid, signal.SIGINT)
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
        raise
    return child.returncode


def _counted(suite: Suite) -> tuple[str, list[str], list[str]]:
    """From the suite's report: `, 12 tests, 1 skipped`, which failed, and why some were skipped."""
    if suite.report is None or not suite.report.exists():
        return "", [], []
    cases = list(ElementTree.parse(suite.report).iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = Counter(found.get("message") for case in cases if (found := case.find("skipped")) is not None)
    names = [f"failed: {case.get('classname')}.{case.get('name')}" for case in failed]
    names[NAMED:] = [f"and {more} more"] if (more := len(names) - NAMED) > 0 else []
    count = f", {len(cases)} tests" + (f", {skipped.total()} skipped" if skipped else "")
    return count, names, [f"skipped ({number}): {why}" for why, number in skipped.items()]


def _sum_up(results: Sequence[Result], strict: bool) -> int:
    paints = {"passed": terminal.good, "failed": terminal.bad, "left out": terminal.dim}
    terminal.say("\n" + terminal.bold("── summary ".ljust(72, "─")))
    terminal.table([(paints[r.state](r.state), r.suite, terminal.dim(r.note)) for r in results])
    passed = sum(result.state == "passed" for result in results)
    left_out = sum(result.state == "left out" for result in results)
    failed = len(results) - passed - (0 if strict else left_out)
    for result in results:
        for remark in result.remarks:
            terminal.say(f"  {result.suite} {remark}")
    if strict and (left_out or any("skipped" in remark for result in results for remark in result.remarks)):
        terminal.say("  What is left out or skipped counts as failed (CI=true or --strict).")
    terminal.say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


@contextmanager
def system(context: Context) -> Iterator[dict[str, str]]:
    """A whole system for one test, on free ports and in a temporary run directory.

    Yields the environment that names it, for the test and for manage_all.py.
    """
    base = ports.free_base(context.project.root)
    with tempfile.TemporaryDirectory(prefix="blogbus-") as run_dir:
        ours = environment.of_tests(os.environ, context.project.names)
        environ = {**ours, **IMPATIENT, "BLOGBUS_RUN_DIR": run_dir}
        manage = [sys.executable, str(context.project.root / "manage_all.py")]
        up = [*manage, "up", "--detach", "--no-open", "--port-base", str(base)]
        try:
            # In its own group: Ctrl-C reaches only us, and we stop it in order.
            if subprocess.run(up, env=environ, start_new_session=True, check=False).returncode:
                raise Problem("The system did not start.")
            page = project.load(context.project.root, base).frontend
            yield {"BLOGBUS_URL": page.url if page else "", "BLOGBUS_RUN_DIR": run_dir}
        finally:
            subprocess.run([*manage, "down"], env=environ, start_new_session=True, check=False)
