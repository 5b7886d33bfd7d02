"""A bus with a fresh log, events for it, a subscriber that listens, and time that a test moves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from samples import Clock, keys_of
from subscriber import Subscriber, subscriber

from svc_chassis.events.event import BATCH_TYPE
from svc_chassis.events.signing import signed


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With PostgreSQL, the tests of the logs would be the same again: each log has a database of its own there."""
    return (config.getoption("postgres") and collection_path == Path(__file__).with_name("log")) or None


@pytest.fixture
def clock() -> Clock:
    return Clock()


IN_A_DATABASE = (
    "absence",
    "catching_up",
    "dead_letters",
    "deadly_events",
    "handing_over",
    "in_order",
    "operating",
    "parking",
    "tracing",
    "erasure",
)
WITH_GAPS = ("tests/lanes/", "history.py", "test_subscriptions.py")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    path = str(metafunc.definition.path)
    own = metafunc.module.__dict__.get("log")
    named = any(mark.args[0] == "log" for mark in metafunc.definition.iter_markers("parametrize"))
    if "log" in metafunc.fixturenames and not own and not named and any(part in path for part in WITH_GAPS):
        kinds = [
            "dense",
            "gaps",
            *(["database"] if any(f"lanes/test_{part}.py" in path for part in IN_A_DATABASE) else []),
        ]
        metafunc.parametrize("log", kinds, indirect=True)


@pytest.fixture
def log(request: Any) -> Iterator[Any]:
    """This process's log, empty: in memory, where its offsets rise by 1 or by more, or in the database."""
    from eventbus.log.adapters.database import DatabaseLog
    from eventbus.log.adapters.memory import MemoryLog
    from eventbus.log.open import use
    from eventbus.log.port import Log

    kind = getattr(request, "param", "dense")
    fresh: Log = DatabaseLog() if kind == "database" else MemoryLog(16 * 1024 * 1024, stride=7 if kind == "gaps" else 1)
    use(fresh)
    yield fresh
    use(None)


@pytest.fixture
def sub() -> Iterator[Subscriber]:
    with subscriber() as its:
        yield its


Publish = Callable[..., Any]


@pytest.fixture
def publish(client: Client, log: Any) -> Publish:
    """POST /events: one event, or a list of them, or raw bytes; signed by `sender`, by nobody if None."""
    import orjson

    def _publish(
        body: Any,
        *,
        sender: str | None = "comments",
        content_type: str | None = None,
        keys: list[str] | None = None,
        **headers: str,
    ) -> Any:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        kind = content_type or (BATCH_TYPE if isinstance(body, list) else "application/cloudevents+json")
        signature = signed(raw, sender, keys or keys_of(sender)) if sender else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/events", raw, content_type=kind, headers=signature | named)

    return _publish


Put = Callable[..., Any]


@pytest.fixture
def heartbeat(client: Client, log: Any) -> Put:
    """PUT /subscriptions/<name>, signed as that service or as another; `options` replace fields of the body."""
    import orjson

    def _heartbeat(
        name: str = "query",
        sender: str | None = "",
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Any:
        said = {"url": "http://127.0.0.1:4002/events", "types": ["CommentCreated"], "batchSize": 500} | options
        body = orjson.dumps(said) if raw is None else raw
        signature = {} if sender is None else signed(body, sender or name, keys_of(sender or name))
        signature |= headers or {}
        return client.put(f"/subscriptions/{name}", body, content_type="application/json", headers=signature)

    return _heartbeat


@pytest.fixture
def operator(client: Client, log: Any) -> Callable[..., Any]:
    """A request with the operator's token: `operator("put", "/bus/…", {…})`."""

    def _request(method: str, path: str, body: Any = None) -> Any:
        token = {"Authorization": f"Bearer {django_settings.OPERATOR_TOKEN}"}
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(path, headers=token, **more)

    return _request
