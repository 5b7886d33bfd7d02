from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

CHUNKED = {"transfer-encoding": "chunked"}
NO_JSON = {
    "half an object": b'{"a": ',
    "no UTF-8": b'{"a": "\xff"}',
    "a lone surrogate": rb'{"a": "\ud800"}',
    "not a number": b'{"a": NaN}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "20,000 objects": b'{"a":' * 20_000,
}


def stored() -> dict[str, list[Any]]:
    """Every row of this service's own tables, of its inbox and of its outbox."""
    labels = (settings.SERVICE_NAME, "outbox", "inbox", "idempotency", "leases", "audit")
    models = [
        model
        for label in labels
        if apps.is_installed(f"svc_chassis.{label}") or label == settings.SERVICE_NAME
        for model in apps.get_app_config(label).get_models()
    ]
    return {model.__name__: list(model._default_manager.values()) for model in models if model.__name__ != "Inbox"}


def is_problem(response: Any, status: int, fields: list[str] | None = None) -> None:
    """Asserts the one shape of errors; `fields` are those it must name."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    body = response.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["title"]
    assert body["detail"]
    assert "Traceback" not in str(body)
    if fields is not None:
        assert sorted({error["field"] for error in body.get("errors", [])}) == sorted(fields)


class Unharmed:
    """Tests of a subclass must leave every table as it was, and the service able to serve."""

    @pytest.fixture(autouse=True)
    def unharmed(self, transactional_db: None, arranged: None, client: Client) -> Iterator[None]:
        before = stored()
        yield
        assert stored() == before
        assert client.get("/readyz").status_code == 200

    @pytest.fixture
    def arranged(self) -> None:
        """What must be there before; override where something must."""
