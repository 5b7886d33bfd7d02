"""Hostile requests: sound ones, of which something is replaced, cut, doubled or left out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import quote

from system_tests.hostile.doors import BATCH, SERVICES, Door, event


class Raw(str):
    """Stands in JSON as it is."""


TEXTS: list[Any] = [
    *(
        "",
        " ",
        "\0",
        "\u200b",
        "\u202e\u202eabc",
        "\u2028",
        "a\r\nX-Header: b",
        "../../etc/passwd",
        "%00%0a",
        "{{7*7}}",
    ),
    *(
        "'; DROP TABLE posts_post; --",
        "<script>alert(1)</script>",
        "🙂" * 300,
        "a" * 70_000,
        "é" * 3_000,
        "NaN",
        "null",
    ),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "2026-02-30T00:00:00Z", "orange", "http://[::1", "data:,x"),
    *(Raw(r'"\ud800"'), Raw(r'"\udfff\ud800"'), Raw(r'"\u0000"'), Raw('"\x01"'), Raw(r'"\x"'), Raw("'a'")),
]
NUMBERS: list[Any] = [
    *(0, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 0.1, 1e308, -0.0, True),
    *(Raw("1e400"), Raw("-1e-400"), Raw("9" * 5_000), Raw("NaN"), Raw("-Infinity"), Raw("01"), Raw("1."), Raw("+1")),
]
DEEP: list[Any] = [Raw("[" * depth + "]" * depth) for depth in (60, 1_000, 100_000)]
DEEP += [Raw('{"a":' * depth + "1" + "}" * depth) for depth in (60, 20_000)] + [Raw("["), Raw('{"a":')]
ODD: list[Any] = [None, [], {}, [[]], [None], {"": None}, [1] * 3_000, {str(n): n for n in range(3_000)}]
SEGMENTS = [
    "1",
    "query",
    "%00",
    "..",
    ".",
    "a/b",
    "a" * 300,
    "%ff",
    "%2e%2e%2f",
    "nobody",
    "é",
    "🙂",
    "-1",
    "9" * 30,
    "",
]
TYPES = [
    *("application/json", "Application/JSON; charset=utf-8", "application/json; charset=latin-1", BATCH),
    *("application/cloudevents+json", "text/plain", "multipart/form-data; boundary=x", "application/xml", "", ";", "a"),
    *("application/x-www-form-urlencoded", "application/json; charset=\xff", "application/json" * 200),
]
HEADERS = {
    "Accept": ["*/*", "text/html", "application/json;q=x", "a/b/c", ";;", "image/*;q=0", "text/event-stream", "*"],
    "Accept-Encoding": ["gzip", "identity;q=0", "*;q=0", "br;q=9", "gzip" * 500],
    "Accept-Language": ["de", "x" * 5_000],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=9-1,0-", "lines=1"],
    "Expect": ["100-continue", "200-ok"],
    "If-None-Match": ["*", '"a"', 'W/"' + "a" * 3_000 + '"', "a"],
    "If-Modified-Since": ["yesterday", "Mon, 01 Jan 0001 00:00:00 GMT"],
    "Idempotency-Key": ["a", "", '""', "é", "x" * 256],
    "Log-Id": ["nowhere", "", "\xff"],
    "Last-Event-ID": ["-1", "x", "9" * 40],
    "Content-Encoding": ["gzip", "br", "deflate, gzip"],
    "Transfer-Encoding": ["chunked", "gzip", "chunked, chunked", "\tchunked", "identity"],
    "X-Forwarded-For": ["1.2.3.4", "a, b", "::1", "\xff"],
    "X-Forwarded-Host": ["evil.test"],
    "X-HTTP-Method-Override": ["DELETE"],
    "Origin": ["null", "https://evil.test", "\xff"],
    "Cookie": ["a=b; " * 500],
    "Authorization": ["Bearer", "Bearer wrong", "Basic b3A6cA==", "Bearer \xff", "Bearer " + "a" * 5_000],
    "webhook-id": ["", "x", "posts.1", "nobody.1", "\xff"],
    "webhook-timestamp": ["0", "-1", "NaN", "9" * 30, "1e3"],
    "webhook-signature": ["v1,", "v1,AAAA", "v2,x", ",", "v1,\xff"],
    "Host": ["evil.test", "a b", "[::1", "", "localhost:99999"],
    "Content-Length": ["-1", "ten", "99999999999999999999", "0", "+5"],
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"]


@dataclass(frozen=True)
class Input:
    door: Door
    method: str
    target: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    signer: str = ""
    """The service that signs; empty: nobody."""
    has_token: bool = False


def hostile(door: Door, random: Random) -> Input:
    """A sound request for the door, with one to three things wrong with it, or none."""
    found = _sound(door, random)
    for change in random.choices(CHANGES, k=random.choice((0, 1, 1, 1, 2, 3))):
        found = change(found, random)
    return found


def _sound(door: Door, random: Random) -> Input:
    path = door.path
    while "{" in path:
        head, _, rest = path.partition("{")
        name, _, tail = rest.partition("}")
        path = f"{head}{random.choice(('retry', 'discard')) if name == 'action' else 'query'}{tail}"
    signer = random.choice(SERVICES[:4]) if door.service == "eventbus" else "eventbus"
    sample, content_type = door.sample, "application/json"
    if door.path == "/events":
        sample = [event(random, signer if door.service == "eventbus" else "") for _ in range(random.randint(1, 3))]
        content_type = BATCH
    if door.path.startswith("/subscriptions/"):
        path = f"/subscriptions/{signer}"
    body, headers = b"", {}
    if door.body:
        body, headers = _json(_broken(sample, random)), {"Content-Type": content_type}
    return Input(door, door.method, path, body, headers, signer if door.role == "signature" else "", bool(door.role))


def _broken(value: Any, random: Random) -> Any:
    """`value` with at most a few nodes replaced."""
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        value = _one_broken(value, random)
    return value


def _one_broken(value: Any, random: Random) -> Any:
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], _one_broken(value[at], random), *value[at + 1 :]]
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(list(value))
        rest = {key: its for key, its in value.items() if key != name}
        match random.randrange(8):
            case 0:
                return rest
            case 1:
                return value | {random.choice(("extra", "", "é", "__proto__", "a" * 300)): random.choice(TEXTS + ODD)}
            case 2:  # a name twice
                inside = _json(value).decode("utf-8", "surrogatepass")[1:-1]
                return Raw(f"{{{inside},{json.dumps(name)}:{_json(random.choice(NUMBERS + ODD)).decode()}}}")
        return rest | {name: _one_broken(value[name], random)}
    return random.choice(random.choice((TEXTS, NUMBERS, ODD, DEEP)))


def _json(value: Any) -> bytes:
    return _text(value).encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_text(its)}" for name, its in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _other_body(found: Input, random: Random) -> Input:
    body, at = found.body, random.randrange(len(found.body) + 1)
    junk = random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\0", b"\xef\xbb\xbf", b"}", b",", b'"', b"\n"))
    bodies = [
        *(body[:at], body[:at] + junk + body[at:], body + junk, junk + body, body + body, b"", b" ", b"null", b"7"),
        *(body.decode("utf-8", "replace").encode("utf-16"), bytes(random.getrandbits(8) for _ in range(200))),
        *(b"[" + body + b"]", b'"' + body + b'"', b"[" + b",".join([body or b"{}"] * 600) + b"]"),
        *(b" " * 300_000, b'{"title":"' + b"a" * 5_000_000 + b'"}', b"\x1f\x8b\x08\0" + body),
    ]
    weights = [4] * 14 + [1] * (len(bodies) - 14)
    return replace(found, body=random.choices(bodies, weights)[0])


def _other_header(found: Input, random: Random) -> Input:
    name = random.choice(list(HEADERS))
    return replace(found, headers=found.headers | {name: random.choice(HEADERS[name])})


def _other_type(found: Input, random: Random) -> Input:
    return replace(found, headers=found.headers | {"Content-Type": random.choice(TYPES)})


def _other_method(found: Input, random: Random) -> Input:
    return replace(found, method=random.choice(METHODS))


def _other_path(found: Input, random: Random) -> Input:
    parts = found.target.split("/")
    parts[random.randrange(1, len(parts))] = random.choice(SEGMENTS)
    return replace(found, target="/".join(quote(part, safe="%~.") for part in parts))


def _query(found: Input, random: Random) -> Input:
    names = [*found.door.parameters, "limit", "before", "after", "", "a" * 300]
    values = [quote(str(each), safe="%", errors="surrogatepass")[:2_000] for each in TEXTS + NUMBERS] + [
        "%ff",
        "%",
        "%zz",
    ]
    asked = "&".join(f"{random.choice(names)}={random.choice(values)}" for _ in range(random.randint(1, 4)))
    return replace(found, target=f"{found.target}?{asked}")


def _stranger(found: Input, random: Random) -> Input:
    """Without what lets it in, or with another's."""
    return replace(found, signer=random.choice(("", "nobody", *SERVICES)), has_token=random.random() < 0.3)


CHANGES: list[Callable[[Input, Random], Input]] = [
    *(_other_body, _other_body, _other_header, _other_header, _other_type, _other_method),
    *(_other_path, _query, _query, _stranger),
]
