"""Systems for tests, of which no process outlives its test."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from launcher.project import ALONE, Shape
from launcher.run import engines

from system_tests.harness.keeping import kept, unsettled
from system_tests.harness.system import System

StartSystem = Callable[..., System]

FIGURE = "measured"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests measured, shown whether they passed or not."""
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport) and report.when == "call":
            for name, line in report.user_properties:
                if name == FIGURE:
                    terminalreporter.write_line(str(line))


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line for the end of the report, also from another process of pytest-xdist."""
    # pytest's own record_property warns where the report is in XML.
    return lambda line: request.node.user_properties.append((FIGURE, line))


def needed(*names: str) -> None:
    """Skips the test where this machine has not what an engine needs."""
    for engine in (engines.ENGINES[name] for name in names):
        for program, package in engine.needs.items():
            if not engines.program(program):
                pytest.skip(f"{engine.title} needs {program}: sudo apt-get install {package}")


@contextmanager
def running(
    environ: dict[str, str], without: tuple[str, ...], port_base: int | None = None, shape: Shape = ALONE
) -> Iterator[System]:
    needed(*shape.engines)
    with TemporaryDirectory(prefix="blogbus-") as run_dir:
        Path(run_dir).chmod(0o711)  # PostgreSQL runs as another user, if this is root
        system = System(Path(run_dir).resolve(), environ, without, port_base, shape)
        try:
            system.up()
            yield system
        finally:
            with undisturbed():
                system.down()
            assert system.manage.processes() == []


@contextmanager
def undisturbed() -> Iterator[None]:
    """Another Ctrl-C changes nothing: half of a `down` would leave the other half running."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def whole_system() -> Iterator[System]:
    with running({}, ()) as system:
        yield system


@pytest.fixture
def system(whole_system: System) -> Iterator[System]:
    """The whole system, shared: what a test leaves broken is mended after it."""
    yield whole_system
    whole_system.mend()


@pytest.fixture
def unharmed(system: System) -> Iterator[None]:
    """Whatever the test sends: nothing is stored, nothing breaks, and all go on serving."""
    system.eventually(lambda: unsettled(system), {})
    before = kept(system)
    yield
    assert kept(system) == before
    assert [name for name in system.names if not system.listens(name)] == []
    assert [name for name in system.names if "Traceback" in system.log(name)] == []


@pytest.fixture
def start_system() -> Iterator[StartSystem]:
    """`start_system(environ={…}, without=(…), port_base=…, shape=…)`: a system of the test's own."""
    with ExitStack() as stack:

        def start(
            environ: dict[str, str] | None = None,
            without: tuple[str, ...] = (),
            port_base: int | None = None,
            shape: Shape = ALONE,
        ) -> System:
            return stack.enter_context(running(environ or {}, without, port_base, shape))

        yield start
