"""A service says whether it can serve, and what is wrong."""

import os
import sqlite3
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from orders.views import place

from svc_chassis.observe import health
from svc_chassis.outbox.bus_client import BusState

pytestmark = pytest.mark.django_db(transaction=True)
sqlite_only = pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="SQLite's own fault")


@pytest.fixture
def not_yet_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)


def test_a_living_service_says_so(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive", "service": "orders"})


def test_a_ready_service_is_ready_without_the_bus_and_warns_of_it(
    client: Client, known: BusState, not_yet_asked: None
) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "service": "orders", "warnings": []}

    known.troubles["/events"] = "No event bus: it is away"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["warnings"]) == (200, ["No event bus: it is away"])


def test_missing_migrations_are_named(client: Client, not_yet_asked: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'orders'")
    try:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["detail"] == (
            "The database lacks migrations (orders.0001_initial): run manage.py migrate."
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('orders', '0001_initial', '2026-01-01')"
            )
    assert client.get("/readyz").status_code == 200


@sqlite_only
@pytest.mark.parametrize("asked_before", [False, True])
def test_a_database_that_can_not_be_used_is_said_to_be(
    client: Client, not_yet_asked: None, tmp_path: Any, asked_before: bool
) -> None:
    if asked_before:
        assert client.get("/readyz").status_code == 200
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database " * 500)
    whole = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(broken)
    try:
        ready, metrics = client.get("/readyz"), client.get("/metrics")
        listed, alive = client.get("/orders"), client.get("/healthz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = whole

    assert (ready.status_code, ready["Content-Type"]) == (503, "application/problem+json")
    assert ready.json()["detail"] == "The database is not available: file is not a database"
    assert (metrics.status_code, b"blogbus_outbox" in metrics.content) == (200, False)
    assert (listed.status_code, alive.status_code) == (503, 200)


def test_metrics_count_what_waits_and_what_became_of_events(client: Client, known: BusState, deliver: Any) -> None:
    place(id="o1", item="tea")
    client.get("/orders")
    client.generic("BREW", "/orders")
    client.generic("COFFEE", "/nowhere")
    response = client.get("/metrics")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain")
    assert "blogbus_outbox_unsent 1.0" in lines
    assert "blogbus_outbox_refused 0.0" in lines
    assert any(
        line.startswith('blogbus_requests_seconds_count{method="GET",route="orders",status="200"}') for line in lines
    )
    assert any(
        line.startswith('blogbus_requests_seconds_count{method="other",route="unknown",status="404"}') for line in lines
    )
    assert not any("BREW" in line for line in lines)


@sqlite_only
def test_the_database_is_a_file_that_waits_for_its_turn_to_write() -> None:
    connections["default"].ensure_connection()
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout")
        }

    assert found == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 20_000}
    assert sqlite3.threadsafety > 0
