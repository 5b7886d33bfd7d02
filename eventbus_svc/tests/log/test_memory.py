"""What only the memory log does: it is bounded in bytes, and belongs to one process."""

import os
import subprocess
import sys
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from records import ids, record
from samples import comment

from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.port import Full
from svc_chassis.events.event import parse

HOLD = "from eventbus.log.open import the_log; the_log(); print('held', flush=True); input()"


def test_a_full_log_stores_nothing_of_a_batch_that_does_not_fit_and_says_what_it_needs() -> None:
    log = MemoryLog(100_000)
    log.append([record(n, body=b"x" * 10_000) for n in range(9)], None)

    with pytest.raises(Full) as full:
        log.append([record(n, body=b"x" * 10_000) for n in range(9, 11)], None)

    assert full.value.needed >= 20_000
    assert ids(log) == [f"event-{n}" for n in range(9)]


def test_two_who_append_the_same_event_at_the_same_moment_store_it_once(monkeypatch: Any) -> None:
    log, inside = MemoryLog(100_000), threading.Barrier(2)
    look = log._fresh

    def look_and_linger(records: Any) -> Any:
        found = look(records)
        with suppress(threading.BrokenBarrierError):
            inside.wait(0.1)  # until the other has looked too, which it must not be able to
        return found

    monkeypatch.setattr(log, "_fresh", look_and_linger)
    with ThreadPoolExecutor(2) as pool:
        accepted = [appended.accepted for appended in pool.map(lambda _: log.append([record(1)], None), range(2))]

    assert (sorted(accepted), ids(log)) == ([0, 1], ["event-1"])


def test_duplicates_need_no_room() -> None:
    log = MemoryLog(100_000)
    batch = [record(n, body=b"x" * 10_000) for n in range(9)]
    log.append(batch, None)

    assert log.append(batch, None).duplicates == 9


def test_a_log_that_is_full_when_all_is_dropped_is_empty_and_takes_as_much_again() -> None:
    log = MemoryLog(100_000)
    for _ in range(3):
        batch = [record(n, body=b"x" * 10_000) for n in range(9)]
        log.make_room([log.bounds(0).end], 100_000)
        log.append(batch, None)

    assert len(log.read(0, log.bounds(0).begin, 100).entries) == 9


def test_the_bytes_it_counts_are_those_it_takes() -> None:
    """With real events: the limit is what the process can be given."""
    from eventbus.publishing import _record

    log = MemoryLog(10**9)
    bodies = [orjson.dumps([comment(f"subject-{n}") for n in range(k, k + 500)]) for k in range(0, 5000, 500)]
    tracemalloc.start()
    try:
        for body in bodies:
            decoded: list[dict[str, Any]] = orjson.loads(body)
            log.append([_record(e, b) for e, b in zip(parse(decoded), decoded, strict=True)], None)
            del decoded
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert log._size == pytest.approx(taken, rel=0.3)


def started(tmp_path: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "BLOGBUS_RUN_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "eventbus.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", f"from svc_chassis.runtime import hold; hold.WITHIN = 0.3; {HOLD}"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_process_is_refused_the_log_until_the_first_is_dead_however_it_died(tmp_path: Path) -> None:
    first = started(tmp_path)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"

        second = started(tmp_path)
        _, trouble = second.communicate(timeout=60)
        assert second.returncode != 0
        assert "Another event bus with a memory log runs here" in trouble
        assert "stop it first" in trouble
    finally:
        first.kill()
        first.communicate(timeout=60)

    third = started(tmp_path)
    out, _ = third.communicate("\n", timeout=60)
    assert (third.returncode, out) == (0, "held\n")
