"""Two servers may disagree on where a request ends: what is a body to the Ingress is no request to a service."""

import json
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from system_tests.cluster.deployed import URL, Deployed

SILENCE = 1.0
"""seconds without a byte, after which nothing more is expected"""
TITLE = "Smuggled"
BODY = json.dumps({"title": TITLE})
# Through the Ingress, /posts is query's, which writes nothing: only posts itself makes a post of this.
HIDDEN = (
    "POST /posts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
)
CHUNKS = f"0\r\n\r\n{HIDDEN}"
FRAMINGS = {
    "a length that includes it, and chunks that do not": f"Content-Length: {len(CHUNKS)}\r\nTransfer-Encoding: chunked",
    "the same the other way round": f"Transfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}",
    "two lengths": f"Content-Length: 5\r\nContent-Length: {len(CHUNKS)}",
    "a list of lengths": f"Content-Length: {len(CHUNKS)}, 5",
    "no length": "X: y",
    "chunks that are not the last coding": f"Transfer-Encoding: chunked, identity\r\nContent-Length: {len(CHUNKS)}",
    "chunks twice": f"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}",
    "chunks spelled oddly": f"Transfer-Encoding: xchunked\r\nContent-Length: {len(CHUNKS)}",
    "chunks in capitals": f"Transfer-Encoding: CHUNKED\r\nContent-Length: {len(CHUNKS)}",
    "a name with a blank": f"Transfer-Encoding : chunked\r\nContent-Length: {len(CHUNKS)}",
    "a value after a vertical tab": f"Transfer-Encoding: \vchunked\r\nContent-Length: {len(CHUNKS)}",
    "a folded line": f"Transfer-Encoding:\r\n chunked\r\nContent-Length: {len(CHUNKS)}",
    "a bare line feed": f"X: y\nTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}",
    "a bare carriage return": f"X: y\rTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}",
    "a signed length": f"Content-Length: +{len(CHUNKS)}",
    "a length in another base": f"Content-Length: {len(CHUNKS):#x}",
    "a name with an underscore": f"Content_Length: {len(CHUNKS)}\r\nTransfer_Encoding: chunked",
    "an expectation": f"Expect: 100-continue\r\nContent-Length: {len(CHUNKS)}\r\nTransfer-Encoding: chunked",
    "an upgrade": f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: {len(CHUNKS)}",
}


def test_no_request_is_smuggled_past_the_ingress(system: Deployed) -> None:
    for framing in FRAMINGS.values():
        _converse(URL, f"POST /posts/create HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n{CHUNKS}")
    system.post("after all of them")
    system.eventually(lambda: "after all of them" in _titles(system), True)
    assert TITLE not in _titles(system)
    if not system.replicated:  # what is tried does work where posts alone reads it
        _converse(system.url("posts"), HIDDEN)
        system.eventually(lambda: TITLE in _titles(system), True)


def _titles(system: Deployed) -> list[str]:
    return [post["title"] for post in system.posts()]


def _converse(url: str, text: str) -> None:
    """Sends it, and listens until the connection ends or is silent."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port or 80), SILENCE) as connection, suppress(OSError):
        connection.sendall(text.encode())
        while connection.recv(65536):
            pass
