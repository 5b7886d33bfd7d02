"""A write that is named and sent several times at once. One of the suites that IdempotentDoor is made of."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import orjson
import pytest
from django.db import OperationalError, connections
from django.test import Client

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.outbox import statements
from svc_chassis.outbox.models import OutboxEvent

RACES = 50
AT_ONCE = 3
SOON = 20.0
"""seconds within which what must happen has happened"""


class NamedWrites:
    """A POST that takes `Idempotency-Key`, and how to send it."""

    path: ClassVar[str]
    good: ClassVar[dict[str, Any]]

    @pytest.fixture(autouse=True)
    def _database(self, transactional_db: None) -> None:
        pass

    def send(self, key: str | None, body: Any = None, path: str = "") -> Any:
        """From a client of its own, as threads need it."""
        headers = {} if key is None else {"Idempotency-Key": key}
        raw = body if isinstance(body, bytes) else orjson.dumps(body or self.good)
        return Client().post(path or self.path, raw, content_type="application/json", headers=headers)


class RacingWrites(NamedWrites):
    def from_thread(self, key: str) -> tuple[int, bytes]:
        try:
            answer = self.send(key)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

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
        at_work, go_on, add = threading.Event(), threading.Event(), statements.add

        def slowly(*row: Any) -> None:
            first = not at_work.is_set()
            at_work.set()
            assert go_on.wait(SOON)
            if first and fails:
                raise OperationalError("disk I/O error")
            add(*row)

        monkeypatch.setattr(statements, "add", slowly)
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
