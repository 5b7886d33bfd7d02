"""A log in servers that encrypt and ask for a password."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from records import eventually, ids, record
from secured import PASSWORD, USER, SecuredKafka, SecuredNats, SecuredRabbit
from servers import Server

from eventbus.log.open import open_log
from svc_chassis.web.problems import Unavailable

SERVERS: dict[str, Callable[[Path], Server]] = {"nats": SecuredNats, "kafka": SecuredKafka, "rabbitmq": SecuredRabbit}


@pytest.fixture(params=SERVERS, scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = SERVERS[request.param](tmp_path_factory.mktemp(request.param))
    try:
        found.start()
        yield found
    finally:
        found.kill()


def url(server: Server, password: str = PASSWORD) -> str:
    return server.url.replace("://", f"://{USER}:{quote(password, safe='')}@") + "?tls=1"


def stores(server: Server, password: str = PASSWORD) -> None:
    log: Any = open_log(url(server, password))
    try:
        log.append([record(1), record(2)], None)
        assert len(ids(log)) >= 2
    finally:
        log.close()


# nats-py leaves the connections of a refused client to the garbage collector, which complains: here, not later.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("lacking", ["the password", "the authority"])
def test_it_is_a_log_for_who_has_the_password_and_knows_the_authority_and_for_nobody_else(
    server: Server, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "cert.pem"))
    # A broker listens before it answers.
    eventually(lambda: stores(server) or True)

    if lacking == "the authority":
        monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Unavailable):
        stores(server, "wrong" if lacking == "the password" else PASSWORD)
    gc.collect()
