"""All services in one process: each has its own database, and is what Django's settings speak of while it acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory

from svc_chassis.runtime.http_client import Answer
from tools.all_services import SERVICES

DEFAULT = "default"
RESTORED = {name: import_module(f"{name}.settings").RESTORED for name in SERVICES}
"""that setting of each service"""


class Crash(BaseException):
    """A process dies on this line. Not an Exception: nothing may catch it on the way."""


class Databases:
    """Copies of one migrated template, in memory."""

    def __init__(self) -> None:
        connections.settings[DEFAULT] |= {"NAME": ":memory:"}
        self._template = connections.create_connection(DEFAULT)
        connections[DEFAULT] = self._template
        call_command("migrate", verbosity=0)

    def new(self) -> BaseDatabaseWrapper:
        return self.copy(self._template)

    def copy(self, database: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
        wrapper = connections.create_connection(DEFAULT)
        wrapper.ensure_connection()
        database.connection.backup(wrapper.connection)
        return wrapper


class Place:
    """One service: its database, and its door."""

    def __init__(self, name: str, databases: Databases) -> None:
        self.name = name
        self._databases = databases
        self.database = self._watched(databases.new())

    def _watched(self, database: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
        database.execute_wrappers.append(self._statement)
        return database

    def lose_database(self) -> None:
        """As if the file was deleted: an empty one takes its place."""
        self.close()
        self.database = self._watched(self._databases.new())

    def backup(self) -> BaseDatabaseWrapper:
        """A copy of the database."""
        return self._databases.copy(self.database)

    def restore(self, copy: BaseDatabaseWrapper) -> None:
        """A copy of `copy` takes the place of the database."""
        self.close()
        self.database = self._watched(self._databases.copy(copy))

    def close(self) -> None:
        # Django itself never closes a database in memory.
        self.database.connection.close()

    fault: Any = None
    """called before every statement; raises what is to happen there"""

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.fault is not None:
            self.fault(sql)
        return execute(sql, params, many, context)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Code inside runs as this service; calls to another may nest."""
        before = connections[DEFAULT], settings.SERVICE_NAME
        self._enter(self.database, self.name)
        try:
            yield
        finally:
            self._enter(*before)

    @staticmethod
    def _enter(database: BaseDatabaseWrapper, name: str) -> None:
        connections[DEFAULT] = database
        settings.SERVICE_NAME = name
        settings.SERVICE_URL = f"http://{name}"
        settings.ROOT_URLCONF = f"{name}.urls"
        settings.EVENTS_KEYS = settings.PEER_KEYS.of(name)
        settings.RESTORED = RESTORED[name]

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One request through the real middleware and view."""
        content_type = headers.get("Content-Type", "application/json")
        with self.here():
            request = _requests.generic(method, path, body, content_type=content_type, headers=headers)
            response = _handler().get_response(request)
            content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            return Answer(response.status_code, dict(response.items()), content)


_requests = RequestFactory(SERVER_NAME="localhost")
_handlers: list[BaseHandler] = []


def _handler() -> BaseHandler:
    if not _handlers:
        handler = BaseHandler()
        handler.load_middleware()
        _handlers.append(handler)
    return _handlers[0]


def prepare() -> Databases:
    """Once per process: keys for all, addresses by name, and a migrated template."""
    for name in SERVICES:
        settings.EVENTS_VAULT.signing_keys("EVENTS_SECRET", name)
    settings.EVENTBUS_URL = "http://eventbus"
    settings.EVENTBUS_ALLOWED_HOSTS = set(SERVICES)
    settings.ALLOWED_HOSTS = ["*"]
    settings.EVENTBUS_FAULTS_ENABLED = False  # the network has faults of its own
    return Databases()
