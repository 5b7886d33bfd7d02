from typing import Any, ClassVar

import pytest
from django.db import OperationalError
from django.test import Client

from svc_chassis.outbox import statements
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.testing.conformance.common import is_problem, stored
from svc_chassis.testing.conformance.races import RacingWrites

MALFORMED = {
    "empty": "",
    "blank": " ",
    "quotes around nothing": '""',
    "256 characters": "k" * 256,
    "a tab": "a\tb",
    "a line break": "key\n",
    "DEL": "a\x7fb",
    "no ASCII": "schlüssel",
}


class IdempotentDoor(RacingWrites):
    """A POST that takes `Idempotency-Key`: subclass it with its path, another one of its service, and a good body."""

    elsewhere: ClassVar[str]

    @pytest.mark.parametrize("key", ["8e03978e-40d5-43e8-bc93-6894a57f9324", '"quoted"', "!", "~" * 255, "a b, c"])
    def test_the_same_again_is_answered_with_the_first_answer_and_writes_nothing(self, key: str) -> None:
        first = self.send(key)
        before = stored()
        again = self.send(key)

        assert (first.status_code, OutboxEvent.objects.count()) == (201, 1)
        assert (again.status_code, again.content, dict(again.items())) == (201, first.content, dict(first.items()))
        assert stored() == before

    def test_a_key_does_not_change_the_answer(self) -> None:
        with_key, without = self.send("k"), self.send(None)

        assert with_key.json().keys() == without.json().keys()
        assert dict(with_key.items()) == dict(without.items())

    @pytest.mark.parametrize("keys", [(None, None), ("k", None), ("k", "l"), ("k", "K")])
    def test_without_the_same_key_each_is_a_write_of_its_own(self, keys: tuple[str | None, ...]) -> None:
        first, second = (self.send(key) for key in keys)

        assert (first.status_code, second.status_code, OutboxEvent.objects.count()) == (201, 201, 2)
        assert first.json()["id"] != second.json()["id"]

    def test_the_same_key_with_another_body_is_refused(self) -> None:
        self.send("k")
        before = stored()

        is_problem(self.send("k", self.good | {"author": "Somebody else"}), 422)
        is_problem(self.send("k", b"{}"), 422)
        assert stored() == before

    def test_the_same_key_at_another_path_is_refused(self) -> None:
        self.send("k")
        before = stored()

        is_problem(self.send("k", path=self.elsewhere), 422)
        assert stored() == before

    @pytest.mark.parametrize("case", MALFORMED)
    def test_a_malformed_key_is_refused(self, case: str) -> None:
        is_problem(self.send(MALFORMED[case]), 400, ["Idempotency-Key"])
        assert not any(stored().values())

    def test_what_was_refused_is_not_remembered(self) -> None:
        is_problem(self.send("k", b"{}"), 400)
        assert not any(stored().values())

        assert self.send("k").status_code == 201

    def test_what_the_database_failed_is_not_remembered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*args: Any, **kwargs: Any) -> None:
            raise OperationalError("database or disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(statements, "add", full)
            is_problem(self.send("k"), 503)
        assert not any(stored().values())

        assert self.send("k").status_code == 201

    def test_the_header_is_documented_and_taken_from_a_browser_on_another_origin(self) -> None:
        schema = Client().get("/openapi.json").json()
        names = [
            {parameter["name"] for parameter in operations["post"].get("parameters", [])}
            for path, operations in schema["paths"].items()
            if path.rpartition("/")[2] == self.path.rpartition("/")[2]
        ]
        preflight = {
            "Origin": "http://localhost:5173",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "idempotency-key",
        }

        assert [("Idempotency-Key" in found) for found in names] == [True]
        assert "idempotency-key" in Client().options(self.path, headers=preflight)["Access-Control-Allow-Headers"]
