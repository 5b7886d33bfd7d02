"""A log in servers that encrypt and ask for a password."""

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


def test_it_is_a_log_for_who_has_the_password_and_knows_the_authority(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "cert.pem"))
    log: Any = open_log(url(server))
    try:
        # A broker listens before it answers.
        eventually(log.history)
        log.append([record(1), record(2)], None)
        assert len(ids(log)) == 2
    finally:
        log.close()


@pytest.mark.parametrize("way", ["a wrong password", "an unknown authority"])
def test_for_others_it_is_unavailable(server: Server, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "a wrong password":
        monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "cert.pem"))
    log = open_log(url(server, "wrong" if way == "a wrong password" else PASSWORD))
    try:
        with pytest.raises(Unavailable):
            log.append([record(1)], None)
    finally:
        log.close()
