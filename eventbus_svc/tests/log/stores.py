"""Databases for logs, empty for each test, with the log's tables as the bus's own has them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import environ
import pytest
from django.db import connections

from eventbus.models import StoredEvent, StoredPartition
from svc_chassis.database.settings import database_settings

MODELS = (StoredPartition, StoredEvent)


def sqlite(request: pytest.FixtureRequest) -> str:
    """The alias of a SQLite database in a file of its own, set up as a service's is."""
    by_default = environ.Env()
    by_default.ENVIRON = {}
    return _opened(request, database_settings(by_default, "local", request.getfixturevalue("tmp_path"), "log"))


def postgresql(request: pytest.FixtureRequest) -> str:
    """The alias of a PostgreSQL database."""
    return _opened(request, environ.Env.db_url_config(request.getfixturevalue("postgres")))


class Threads(ThreadPoolExecutor):
    """Threads that leave no connection open."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def closing() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                connections.close_all()

        return super().submit(closing)


def _opened(request: pytest.FixtureRequest, settings: dict[str, Any]) -> str:
    alias = f"log-{uuid4().hex}"
    request.getfixturevalue("django_db_blocker").unblock()
    connections.databases[alias] = connections.configure_settings({"default": {}, alias: settings})[alias]
    with connections[alias].schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)

    def drop() -> None:
        with connections[alias].schema_editor() as editor:
            for model in MODELS:
                editor.delete_model(model)
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
        request.getfixturevalue("django_db_blocker").restore()

    request.addfinalizer(drop)
    return alias
