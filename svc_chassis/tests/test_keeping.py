"""Answers that the server gives again until the database changes: always what Django would answer."""

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import requests
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from orders.models import Entry
from prometheus_client import Histogram
from serving import SOON, Server, servers
from standin import standin

from svc_chassis.server.answers import Answer, Answers
from svc_chassis.server.pool import Pool
from svc_chassis.web.keeping import keep, may_be_kept

METRIC = Histogram("kept", "Of a test.", registry=None)
UNKEPT = {"Content-Type": "application/json"}
"""headers of a request that Django answers each time"""
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Host", "If-None-Match", "If-Modified-Since", "Origin", "Range", "User-Agent"]),
    st.sampled_from(
        ["*", '"a"', "localhost", "example.org", "http://localhost:3000", "http://example.org", "bytes=0-3"]
    ),
)
READS = st.tuples(
    st.sampled_from(["GET", "HEAD", "OPTIONS", "DELETE"]),
    st.sampled_from(["/orders", "/orders?", "/orders?limit=1", "//orders", "/order%73", "/none", "/operator"]),
    HEADERS,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def replicas(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two processes on one database; on SQLite, which has one server, that one twice."""
    url = "" if request.param == "sqlite" else f"{request.getfixturevalue('postgres')}_keeping"
    if url:
        with psycopg.connect(url.removesuffix("_keeping"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {url.rpartition('/')[2]}".encode())
    with standin() as bus, servers(bus.url, tmp_path_factory.mktemp("keeping")) as start:
        first = start(DATABASE_URL=url)
        yield [first, start(DATABASE_URL=url) if url else first]


@pytest.fixture
def many_threads() -> Callable[[list[Callable[[], None]]], None]:
    def run(calls: list[Callable[[], None]]) -> None:
        failures: list[BaseException] = []

        def guarded(call: Callable[[], None]) -> None:
            try:
                call()
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures

    return run


def answer(server: Server, method: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    found = requests.request(method, f"{server.url}{path}", headers=headers, timeout=SOON)
    return found.status_code, {name: value for name, value in found.headers.items() if name != "Date"}, found.content


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(READS, st.just("write")), min_size=1, max_size=6))
def test_it_is_what_django_answers_whatever_is_asked_and_written(replicas: list[Server], steps: list[object]) -> None:
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            method, path, headers = step
            again = [answer(server, method, path, headers) for server in replicas * 3]
            made = answer(replicas[0], method, path, headers | UNKEPT)
            assert again == [made] * 6
        else:
            replicas[number % 2].order(str(uuid.uuid4()), f"{number}")


def test_who_was_told_that_it_is_written_reads_it_from_each_process(
    replicas: list[Server], many_threads: Callable[[list[Callable[[], None]]], None]
) -> None:
    def write_and_read() -> None:
        with requests.Session() as session:
            for _ in range(25):
                item = str(uuid.uuid4())
                for writer, reader in (replicas, replicas[::-1]):
                    written = session.post(f"{writer.url}/orders", json={"id": item, "item": item}, timeout=SOON)
                    assert written.status_code == 201
                    assert item in session.get(f"{reader.url}/orders", timeout=SOON).json()

    many_threads([write_and_read] * 8)


def test_a_process_that_was_killed_has_kept_nothing_that_another_needs(
    start: Callable[..., Server],
) -> None:
    server = start()
    server.order("o1", "tea")
    for _ in range(3):
        assert requests.get(f"{server.url}/orders", timeout=SOON).json() == ["tea"]
    server.process.kill()
    server.process.wait()

    assert requests.get(f"{start().url}/orders", timeout=SOON).json() == ["tea"]


def test_answers_that_are_given_again_are_counted_as_requests(start: Callable[..., Server]) -> None:
    server = start()
    for _ in range(20):
        requests.get(f"{server.url}/orders", timeout=SOON)

    text = requests.get(f"{server.url}/metrics", timeout=SOON).text
    assert 'blogbus_requests_seconds_count{method="GET",route="orders",status="200"} 20.0' in text


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_bounded_whatever_is_asked() -> None:
    answers, answer, made = Answers(Pool("unused", 0)), Answer({}, b"", METRIC), 0

    async def make() -> Answer:
        nonlocal made
        made += 1
        return answer

    def scope(number: int) -> dict[str, Any]:
        tag = b'"%d' % number + b"x" * 4_000 + b'"'
        head = {"method": "GET", "scheme": "http", "raw_path": b"/orders", "query_string": b""}
        return head | {"headers": [(b"if-none-match", tag)]}

    async def ask() -> None:
        for number in [*range(10_001), 10_000, 1]:
            assert await answers.get(scope(number), make) is answer

    Entry.objects.create(subject="o1", text="tea")
    asyncio.run(ask())
    assert made == 10_002, "The last one is kept, one of the first is not any more."


@pytest.mark.parametrize(("header", "value", "kept"), [("Vary", "origin, Host", True), ("Vary", "Accept", False)])
def test_what_varies_with_other_headers_is_not_kept(header: str, value: str, kept: bool) -> None:
    response = HttpResponse(headers={header: value})
    assert not may_be_kept(response)
    assert may_be_kept(keep(response)) is kept


def test_what_sets_a_cookie_is_not_kept() -> None:
    response = keep(HttpResponse())
    response.set_cookie("a", "b")
    assert not may_be_kept(response)
