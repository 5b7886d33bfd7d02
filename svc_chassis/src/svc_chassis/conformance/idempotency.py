import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import orjson
import pytest
from django.db import OperationalError, connections
from django.test import Client

from svc_chassis.conformance.common import is_problem, stored
from svc_chassis.events.models import IdempotencyRecord, OutboxEvent

RACES = 50
AT_ONCE = 3
SOON = 20.0
"""seconds within which what must happen has happened"""
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


class IdempotentDoor:
    """A POST that takes `Idempotency-Key`: subclass it with its path, another one of its service, and a good body."""

    path: ClassVar[str]
    elsewhere: ClassVar[str]
    good: ClassVar[dict[str, Any]]

    @pytest.fixture(autouse=True)
    def _database(self, transactional_db: None) -> None:
        pass

    def send(self, key: str | None, body: Any = None, path: str = "") -> Any:
        """From a client of its own, as threads need it."""
        headers = {} if key is None else {"Idempotency-Key": key}
        raw = body if isinstance(body, bytes) else orjson.dumps(body or self.good)
        return Client().post(path or self.path, raw, content_type="application/json", headers=headers)

    def from_thread(self, key: str) -> tuple[int, bytes]:
        try:
            answer = self.send(key)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

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
            patched.setattr(OutboxEvent, "save", full)
            is_problem(self.send("k"), 503)
        assert not any(stored().values())

        assert self.send("k").status_code == 201

    def test_several_at_once_with_the_same_key_write_once_and_get_the_same_answer(self) -> None:
        barrier = threading.Barrier(AT_ONCE)

        def race(key: str) -> tuple[int, bytes]:
            barrier.wait()
            return self.from_thread(key)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            rounds = [list(threads.map(race, [f"race {number}"] * AT_ONCE)) for number in range(RACES)]

        assert Counter(status for answers in rounds for status, _ in answers) == {201: RACES * AT_ONCE}
        assert [len(set(answers)) for answers in rounds] == [1] * RACES
        assert (OutboxEvent.objects.count(), IdempotencyRecord.objects.count()) == (RACES, RACES)

    @pytest.mark.parametrize(("fails", "statuses"), [(False, [201, 201]), (True, [503, 201])])
    def test_a_retry_that_comes_while_the_first_is_still_at_work_waits_for_what_becomes_of_it(
        self, fails: bool, statuses: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at_work, go_on, save = threading.Event(), threading.Event(), OutboxEvent.save

        def slowly(row: OutboxEvent, **options: Any) -> None:
            first = not at_work.is_set()
            at_work.set()
            assert go_on.wait(SOON)
            if first and fails:
                raise OperationalError("disk I/O error")
            save(row, **options)

        monkeypatch.setattr(OutboxEvent, "save", slowly)
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(self.from_thread, "k")
            assert at_work.wait(SOON)
            retry = threads.submit(self.from_thread, "k")
            with pytest.raises(TimeoutError):
                retry.result(timeout=0.2)
            go_on.set()

        answers = [first.result(), retry.result()]
        assert [status for status, _ in answers] == statuses
        assert fails or answers[0] == answers[1]
        assert OutboxEvent.objects.count() == 1

    def test_the_header_is_documented_and_taken_from_a_browser_on_another_origin(self, settings: Any) -> None:
        schema = Client().get("/openapi.json").json()
        names = [
            {parameter["name"] for parameter in operations["post"].get("parameters", [])}
            for path, operations in schema["paths"].items()
            if path.rpartition("/")[2] == self.path.rpartition("/")[2]
        ]
        preflight = {
            "Origin": settings.CORS_ALLOWED_ORIGINS[0],
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "idempotency-key",
        }

        assert [("Idempotency-Key" in found) for found in names] == [True]
        assert "idempotency-key" in Client().options(self.path, headers=preflight)["Access-Control-Allow-Headers"]
