"""Two servers may disagree on where a request ends: what is a body to the Ingress is no request to a service."""

import json
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from system_tests.cluster.deployed import URL, Deployed

SILENCE = 1.0
"""seconds without a byte, after which nothing more is expected"""
FRAMINGS = {
    "a length that includes it, and chunks that do not": "Content-Length: {length}\r\nTransfer-Encoding: chunked",
    "the same the other way round": "Transfer-Encoding: chunked\r\nContent-Length: {length}",
    "two lengths": "Content-Length: 5\r\nContent-Length: {length}",
    "a list of lengths": "Content-Length: {length}, 5",
    "no length": "X: y",
    "chunks that are not the last coding": "Transfer-Encoding: chunked, identity\r\nContent-Length: {length}",
    "chunks twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\nContent-Length: {length}",
    "chunks spelled oddly": "Transfer-Encoding: xchunked\r\nContent-Length: {length}",
    "chunks in capitals": "Transfer-Encoding: CHUNKED\r\nContent-Length: {length}",
    "a name with a blank": "Transfer-Encoding : chunked\r\nContent-Length: {length}",
    "a value after a vertical tab": "Transfer-Encoding: \vchunked\r\nContent-Length: {length}",
    "a folded line": "Transfer-Encoding:\r\n chunked\r\nContent-Length: {length}",
    "a bare line feed": "X: y\nTransfer-Encoding: chunked\r\nContent-Length: {length}",
    "a bare carriage return": "X: y\rTransfer-Encoding: chunked\r\nContent-Length: {length}",
    "a signed length": "Content-Length: +{length}",
    "a length in another base": "Content-Length: {length:#x}",
    "a name with an underscore": "Content_Length: {length}\r\nTransfer_Encoding: chunked",
    "an expectation": "Expect: 100-continue\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked",
    "an upgrade": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: {length}",
}


def test_no_request_is_smuggled_past_the_ingress(system: Deployed) -> None:
    for name, framing in FRAMINGS.items():
        chunks = f"0\r\n\r\n{_hidden(name)}"
        headers = framing.format(length=len(chunks))
        _converse(URL, f"POST /posts/create HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{chunks}")
    system.post("after all of them")
    system.eventually(lambda: "after all of them" in _titles(system), True)
    assert _titles(system) & set(FRAMINGS) == set()
    if not system.replicated:  # what is tried does work where posts alone reads it
        _converse(system.url("posts"), _hidden("not hidden"))
        system.eventually(lambda: "not hidden" in _titles(system), True)


def _hidden(title: str) -> str:
    """Through the Ingress, /posts is query's, which writes nothing: only posts itself makes a post of this."""
    body = json.dumps({"title": title})
    head = f"POST /posts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}"


def _titles(system: Deployed) -> set[str]:
    return {post["title"] for post in system.posts()}


def _converse(url: str, text: str) -> None:
    """Sends it, and listens until the connection ends or is silent."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port or 80), SILENCE) as connection, suppress(OSError):
        connection.sendall(text.encode())
        while connection.recv(65536):
            pass
