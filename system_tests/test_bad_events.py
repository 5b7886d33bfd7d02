"""Bad events, at the bus' door and at the services': refused as a whole, and nothing of them stored."""

import json
from datetime import timedelta
from typing import Any

import pytest

from system_tests.harness.http import call
from system_tests.harness.problems import Ask, Cases, at, check, problem
from system_tests.harness.signing import signed
from system_tests.harness.system import Json, System

pytestmark = pytest.mark.usefixtures("unharmed")

DOORS = [("eventbus", "posts"), *((name, "eventbus") for name in ("posts", "comments", "moderation", "query"))]
"""who receives, and who may sign there"""
REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "data")
MOMENT = "Must be a time as RFC 3339 writes it, such as 2026-01-01T09:30:00Z."
OUT_OF_RANGE = "In UTC it must lie in the years 1 to 9999, or no receiver can hold it."
ANOTHER_KEY = "Invalid signature: it was made with another key, or for another body"
ANOTHER_TIME = "webhook-timestamp is more than five minutes from this service's clock"
NO_EVENT = "Input should be a valid dictionary or instance of CloudEvent"
LIMIT = 4 * 1024 * 1024


def event(**changes: Any) -> Json:
    """A sound event of posts but for the `changes`; None leaves a field out."""
    sound = {
        "specversion": "1.0",
        "id": "an event that must not be stored",
        "source": "/posts",
        "type": "PostCreated",
        "subject": "p1",
        "time": "2026-01-01T00:00:00.000000Z",
        "datacontenttype": "application/json",
        "data": {"id": "p1", "title": "never", "version": 1},
    }
    return {name: value for name, value in (sound | changes).items() if value is not None}


def refused(why: str) -> Json:
    return problem(401, f"{why}.")


class Sender:
    """Asks, signed as the one whom the receiver listens to."""

    def __init__(self, system: System, receiver: str, name: str) -> None:
        self._system = system
        self._name = name
        self._key_of = name if receiver == "eventbus" else receiver

    def __call__(self, body: Any, *, key_of: str = "", age: timedelta = timedelta(), **changed: str) -> Ask:
        text = body if isinstance(body, str) else json.dumps(body)
        headers = signed(self._system, self._name, text, key_of=key_of or self._key_of, age=age)
        return Ask(
            "POST", "/events", text, headers | {name.replace("_", "-"): value for name, value in changed.items()}
        )


@pytest.mark.parametrize(("receiver", "sender"), DOORS)
def test_a_malformed_event_is_refused(system: System, receiver: str, sender: str) -> None:
    send = Sender(system, receiver, sender)
    cases: Cases = {f"no {name}": (send(event(**{name: None})), at(**{name: "Field required"})) for name in REQUIRED}
    cases |= {
        "empty": (send({}), at(**dict.fromkeys(REQUIRED, "Field required"))),
        "an empty id": (send(event(id="")), at(id="String should have at least 1 character")),
        "a number for an id": (send(event(id=7)), at(id="Input should be a valid string")),
        "another version": (send(event(specversion="0.3")), at(specversion="Input should be '1.0'")),
        "no moment": (send(event(time="yesterday")), at(time=MOMENT)),
        "a list of data": (send(event(data=[])), at(data="Input should be a valid dictionary")),
        "a moment that nobody can hold": (send(event(time="0001-01-01T00:00:00+23:59")), at(time=OUT_OF_RANGE)),
        "XML": (
            send(event(datacontenttype="text/xml")),
            at(datacontenttype="Must be a media type of JSON, such as application/json."),
        ),
        "an attribute of another alphabet": (
            send(event(**{"my-ext": "x"})),
            at(**{"my-ext": "The name of an extension attribute has only a-z and 0-9."}),
        ),
        "null": (send("null"), at(body=NO_EVENT)),
        "half": (
            send('{"id":'),
            problem(400, "The body is not JSON: unexpected end of data: line 1 column 7 (char 6)"),
        ),
        "no events": (send([7]), at(**{"0": NO_EVENT})),
        "one bad of two": (send([event(), event(id=None)]), at(**{"1__id": "Field required"})),
        "501": (send([event()] * 501), at(body="A batch has at most 500 events; this one has 501.")),
        "oversize": (send(" " * (LIMIT + 1)), problem(413, f"The body is longer than {LIMIT} bytes.")),
        "plain text": (
            send(event(), Content_Type="text/plain"),
            problem(415, 'Unsupported media type "text/plain" in request.'),
        ),
    }
    check(system, receiver, cases)


@pytest.mark.parametrize(("receiver", "sender"), DOORS)
def test_an_event_that_is_not_rightly_signed_is_refused(system: System, receiver: str, sender: str) -> None:
    send, minutes = Sender(system, receiver, sender), timedelta(minutes=6)
    stranger = "comments" if receiver != "comments" else "query"
    cases: Cases = {
        "unsigned": (
            Ask("POST", "/events", json.dumps(event())),
            problem(401, "Sign this request (Standard Webhooks), or set EVENTS_ALLOW_UNSIGNED=1."),
        ),
        "another's key": (send(event(), key_of=stranger), refused(ANOTHER_KEY)),
        "another id": (send(event(), webhook_id=f"{sender}.1"), refused(ANOTHER_KEY)),
        "nobody": (
            send(event(), webhook_id="nobody.1"),
            refused("Invalid signature: no key is known for the sender"),
        ),
        "no moment": (
            send(event(), webhook_timestamp="soon"),
            refused("webhook-timestamp must be a whole number of seconds since 1970"),
        ),
        "six minutes old": (send(event(), age=minutes), refused(ANOTHER_TIME)),
        "six minutes early": (send(event(), age=-minutes), refused(ANOTHER_TIME)),
    }
    check(system, receiver, cases)


def test_the_bus_takes_only_what_a_contract_allows(system: System) -> None:
    send = Sender(system, "eventbus", "posts")
    log_id = log_id_of(system)
    large = event(data={"id": "p1", "title": "x" * 65536, "version": 1})
    size = len(json.dumps(large, separators=(",", ":")))
    cases: Cases = {
        "no title": (send(event(data={"id": "p1"})), at(data__title="Field required")),
        "a number": (send(event(data={"id": "p1", "title": 7})), at(data__title="Input should be a valid string")),
        "version 0": (
            send(event(data={"id": "p1", "title": "a", "version": 0})),
            at(data__version="Input should be greater than or equal to 1"),
        ),
        "an unknown type": (send(event(type="PostBurnt")), at(type="No contract declares PostBurnt.")),
        "another's type": (
            send(event(type="CommentCreated")),
            problem(403, "CommentCreated is published by comments, not posts."),
        ),
        "another's name": (send(event(source="/query")), problem(403, "posts cannot publish as /query.")),
        "over 64 KiB": (
            send(large),
            problem(413, f"Event {large['id']} is {size} bytes; the limit is 65536."),
        ),
        "another log": (
            send(event(), Log_Id="lost"),
            problem(412, f"This is log {log_id}, not lost.", logId=log_id),
        ),
    }
    check(system, "eventbus", cases)


def log_id_of(system: System) -> str:
    """Which history the bus holds; an empty batch asks, and stores nothing."""
    ask = Sender(system, "eventbus", "posts")([])
    log_id: str = call(ask.method, system.url("eventbus", ask.path), data=ask.body, headers=ask.headers).json()["logId"]
    return log_id
