"""pytest's plugin for every service: `deliver` events to it, look at what it `published`.

Run pytest in the service's folder: which settings it takes follows from the folder's name.
"""

import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import orjson
import pytest

from svc_chassis.testing import postgres as postgresql

Json = dict[str, Any]
Deliver = Callable[..., list[Json]]
Statements = Callable[[Callable[[], Any]], list[str]]
Published = Callable[[], list[Json]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="keep the service's data in a PostgreSQL of the run's own")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    folder = early_config.invocation_params.dir
    if folder.name.endswith("_svc") and (folder / "manage.py").is_file():
        os.environ["DJANGO_SETTINGS_MODULE"] = f"{folder.name.removesuffix('_svc')}.settings"
        sys.path.insert(0, str(folder))
    # A worker of pytest-xdist has both of its controller; a run that a test starts may have the first one only.
    if not {"PYTEST_XDIST_WORKER", "BLOGBUS_RUN_DIR"} <= os.environ.keys():
        # Tests never touch the run directory of the system that may be running.
        run_dir = os.environ["BLOGBUS_RUN_DIR"] = tempfile.mkdtemp(prefix="blogbus-test-")
        early_config.add_cleanup(lambda: shutil.rmtree(run_dir, ignore_errors=True))
        if early_config.known_args_namespace.postgres:
            # pytest-xdist's workers inherit it; pytest-django gives each of them a database of its own there.
            running = ExitStack()
            early_config.add_cleanup(running.close)
            os.environ["DATABASE_URL"] = running.enter_context(postgresql.server())


def wire(payload: Any, **attributes: Any) -> Json:
    """`payload` (a contract's instance) as the event its publisher would send; `attributes` replace the envelope's."""
    from svc_chassis.events.event import now
    from svc_chassis.events.event import wire as event_of

    event_id = str(uuid.uuid4())
    return event_of(payload, event_id=event_id, time=now(), correlationid=event_id) | attributes


def pieces(client: Any, path: str, **headers: str) -> Iterator[bytes]:
    """The pieces of a stream that begins now, as the server would send them, without waiting."""
    from svc_chassis.sse.view import SERVED, TYPE

    response = client.get(path, headers={"Accept": TYPE, **headers}, **{SERVED: True})
    assert (response.status_code, response["Content-Type"]) == (200, TYPE)
    return _pieces(response.stream)


def _pieces(stream: Any) -> Iterator[bytes]:
    yield stream.first
    while True:
        recent = stream.recent()
        yield stream.next() if recent is None else recent


def told(pieces: Iterator[bytes]) -> list[tuple[str, Any]]:
    """Event and data of the next frames of a stream, beyond comments."""
    for piece in pieces:
        blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in piece.decode().split("\n\n")]
        if frames := [(block["event"], orjson.loads(block["data"])) for block in blocks if "event" in block]:
            return frames
    raise AssertionError("The stream ended.")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server for this run. Skips where the machine has none."""
    if postgresql.programs() is None:
        pytest.skip("There is no PostgreSQL server on this machine: sudo apt-get install postgresql.")
    with postgresql.server() as url:
        yield url


@pytest.fixture
def statements() -> Statements:
    """The SQL statements of a call, each as its verb and its table, such as `UPDATE orders_order`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def _statements(call: Callable[[], Any]) -> list[str]:
        connection.ensure_connection()
        with CaptureQueriesContext(connection) as seen:
            call()
        return [_short(query["sql"]) for query in seen.captured_queries]

    return _statements


def _short(sql: str) -> str:
    sql = re.sub(r"^[0-9]+ times: ", "", sql)
    found = re.search(r"(?:FROM|INTO|UPDATE|SAVEPOINT) +(?P<table>[\w\"]+)", sql)
    verb = sql.split()[0]
    return f"{verb} {found['table'].strip(chr(34))}" if found and "SAVEPOINT" not in sql else verb


@pytest.fixture
def deliver(client: Any) -> Deliver:
    """Deliver contracts' instances, or whole events as dicts, as one batch signed by the bus; what became of each."""
    from django.conf import settings

    from svc_chassis.events.event import BATCH_TYPE
    from svc_chassis.events.signing import signed

    def _deliver(*events: Any) -> list[Json]:
        body = orjson.dumps([event if isinstance(event, dict) else wire(event) for event in events])
        headers = signed(body, "eventbus", settings.EVENTS_KEYS)
        response = client.post("/events", body, content_type=BATCH_TYPE, headers=headers)
        assert response.status_code == 200, response.content
        results: list[Json] = response.json()["results"]
        return results

    return _deliver


@pytest.fixture
def published() -> Published:
    """The events in the outbox, oldest first, as they will travel."""

    def _published() -> list[Json]:
        from svc_chassis.outbox.models import OutboxEvent

        return [orjson.loads(bytes(row.body)) for row in OutboxEvent.objects.order_by("seq")]

    return _published


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What a receiver of traces gets from a `Spans` that is made after it."""
    from svc_chassis.testing.traces import receiving

    with receiving() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        yield found
