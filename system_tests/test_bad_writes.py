"""Bad posts and comments: each a 4xx problem that names the field, and nothing stored."""

import json

import pytest

from system_tests.harness.problems import Ask, Cases, at, check, problem
from system_tests.harness.system import System

pytestmark = pytest.mark.usefixtures("unharmed")

NO_TEXT = "Not a valid string."
TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "")


@pytest.mark.parametrize(
    ("service", "path", "name", "limit"),
    [
        ("posts", "/posts", "title", 200),
        ("posts", "/posts/create", "title", 200),
        ("comments", "/posts/6f2c1c1e-5d0f-4c53-9a0c-8f1f2f9f1d11/comments", "content", 2000),
    ],
)
def test_a_bad_write_is_refused(system: System, service: str, path: str, name: str, limit: int) -> None:
    check(system, service, bad_fields(path, name, limit) | bad_bodies(path, name) | bad_types(path, name))


def bad_fields(path: str, name: str, limit: int) -> Cases:
    """What may not be in the field `name`, nor in the author's."""

    def sent(body: object, **why: str) -> tuple[Ask, dict[str, object]]:
        return Ask("POST", path, json.dumps(body)), at(**why)

    return {
        "missing": sent({}, **{name: "This field is required."}),
        "empty": sent({name: ""}, **{name: "This field may not be blank."}),
        "blank": sent({name: " \t "}, **{name: "This field may not be blank."}),
        "too long": sent(
            {name: "x" * (limit + 1)}, **{name: f"Ensure this field has no more than {limit} characters."}
        ),
        "a NUL": sent({name: "a\0b"}, **{name: "Null characters are not allowed."}),
        "null": sent({name: None}, **{name: "This field may not be null."}),
        **{f"{bad}": sent({name: bad}, **{name: NO_TEXT}) for bad in (7, 1.5, True, ["a"], {"a": 1})},
        "author 7": sent({name: "a", "author": 7}, author=NO_TEXT),
        "author too long": sent(
            {name: "a", "author": "x" * 81}, author="Ensure this field has no more than 80 characters."
        ),
        "both": sent({name: 7, "author": None}, **{name: NO_TEXT}, author="This field may not be null."),
    }


def bad_bodies(path: str, name: str) -> Cases:
    """Bodies that are no JSON object, or too much of one."""

    def no_json(body: str | bytes, why: str) -> tuple[Ask, dict[str, object]]:
        return Ask("POST", path, body), problem(400, f"The body is not JSON: {why}")

    def no_object(body: str, why: str) -> tuple[Ask, dict[str, object]]:
        return Ask("POST", path, body), at(body=why)

    end = len(name) + 4
    limit = 256 * 1024
    return {
        "nothing": (Ask("POST", path), at(**{name: "This field is required."})),
        "null body": no_object("null", "No data provided"),
        "a list": no_object("[]", "Invalid data. Expected a dictionary, but got list."),
        "a string": no_object('"a"', "Invalid data. Expected a dictionary, but got str."),
        "a number": no_object("7", "Invalid data. Expected a dictionary, but got int."),
        "half": no_json(f'{{"{name}":', f"unexpected end of data: line 1 column {end + 1} (char {end})"),
        "garbage": no_json("garbage", "unexpected character, expected a JSON value: line 1 column 1 (char 0)"),
        "no UTF-8": no_json(b"\xff", "str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)"),
        "too deep": no_json("[" * 100_000, "depth limit exceeded: line 1 column 1026 (char 1025)"),
        "oversize": (
            Ask("POST", path, json.dumps({name: "a"}).ljust(limit + 1)),
            problem(413, f"The body is longer than {limit} bytes."),
        ),
    }


def bad_types(path: str, name: str) -> Cases:
    """A sound body that says it is something else."""
    body = json.dumps({name: "a"})
    return {
        f"type {sort!r}": (
            Ask("POST", path, body, {"Content-Type": sort}),
            problem(415, f'Unsupported media type "{sort}" in request.'),
        )
        for sort in TYPES
    }
