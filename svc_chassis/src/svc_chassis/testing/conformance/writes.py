from typing import Any, ClassVar, NamedTuple

import orjson
import pytest
from django.conf import settings
from django.test import Client

from svc_chassis.testing.conformance.common import CHUNKED, NO_JSON, Unharmed, is_problem
from svc_chassis.testing.conformance.texts import BLANK, LINE_BREAKS
from svc_chassis.web.json import DEPTH

NOT_A_STRING = "Not a valid string."
ONE_LINE = "This field is one line: remove the line breaks."


class TextField(NamedTuple):
    """A text in a body: how long at most, whether it must be there and say something, and whether it has lines."""

    name: str
    most: int
    required: bool = True
    nullable: bool = False
    has_lines: bool = False

    def refusals(self) -> dict[str, tuple[Any, str]]:
        """Name of the case → what is sent, and what is said of it."""
        wrong: dict[str, tuple[Any, str]] = {
            "a number": (7, NOT_A_STRING),
            "a boolean": (True, NOT_A_STRING),
            "a list": (["hi"], NOT_A_STRING),
            "an object": ({"hi": "hi"}, NOT_A_STRING),
            "too long": ("x" * (self.most + 1), f"Ensure this field has no more than {self.most} characters."),
            "with a NUL": ("a\0b", "Null characters are not allowed."),
        }
        if not self.nullable:
            wrong["null"] = (None, "This field may not be null.")
        if self.required:
            wrong |= {f"blank: {case}": (text, "This field may not be blank.") for case, text in BLANK.items()}
        if not self.has_lines:
            wrong |= {f"broken by {end!r}": (f"a{end}b", ONE_LINE) for end in LINE_BREAKS}
        return wrong


class WriteDoor(Unharmed):
    """A door that takes a JSON object: subclass it with its path, a body that is good, and the texts in it."""

    methods: ClassVar[tuple[str, ...]] = ("post",)
    """all that the door takes; the first one takes the object"""
    path: ClassVar[str]
    good: ClassVar[dict[str, Any]]
    texts: ClassVar[list[TextField]]

    def send(self, client: Client, body: bytes, content_type: str = "application/json", **headers: str) -> Any:
        ask = getattr(client, self.methods[0])
        return ask(self.path, body, content_type=content_type, headers=self.sender() | headers)

    def sender(self) -> dict[str, str]:
        """The headers that let the sender in, where not everybody is."""
        return {}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "refusal" in metafunc.fixturenames:
            metafunc.parametrize(
                "refusal",
                [
                    pytest.param((text.name, *refused), id=f"{text.name} is {case}")
                    for text in metafunc.cls.texts
                    for case, refused in text.refusals().items()
                ],
            )

        if "other_method" in metafunc.fixturenames:
            others = [each for each in ("post", "put", "patch", "delete") if each not in metafunc.cls.methods]
            metafunc.parametrize("other_method", others)

    @pytest.mark.parametrize("depth", [DEPTH, DEPTH + 1, 900, 1_000, 1_023, 5_000])
    def test_a_field_that_is_nested_deeply_is_refused(self, client: Client, depth: int) -> None:
        name, inner = self.texts[0].name, b"[" * (depth - 1) + b"]" * (depth - 1)
        body = orjson.dumps({key: value for key, value in self.good.items() if key != name} | {name: 0})
        body = body.replace(f'"{name}":0'.encode(), f'"{name}":'.encode() + inner)
        is_problem(self.send(client, body), 400, [name] if depth <= DEPTH else [])

    def test_a_field_that_will_not_do_is_named(self, client: Client, refusal: tuple[str, Any, str]) -> None:
        field, value, detail = refusal
        response = self.send(client, orjson.dumps(self.good | {field: value}))
        is_problem(response, 400)
        assert response.json()["errors"] == [{"field": field, "detail": detail}]

    @pytest.mark.parametrize("body", [b"", b"{}"])
    def test_every_missing_field_is_named(self, client: Client, body: bytes) -> None:
        response = self.send(client, body)
        is_problem(response, 400, list(self.good))
        assert {error["detail"] for error in response.json()["errors"]} == {"This field is required."}

    @pytest.mark.parametrize("body", [b"[]", b"null", b"7", b"true", b'"title"', b'[{"title": "hi"}]'])
    def test_a_body_that_is_no_object_is_refused(self, client: Client, body: bytes) -> None:
        is_problem(self.send(client, body), 400, ["body"])

    @pytest.mark.parametrize("case", NO_JSON)
    def test_what_is_no_json_is_refused(self, client: Client, case: str) -> None:
        is_problem(self.send(client, NO_JSON[case]), 400)

    @pytest.mark.parametrize(
        "content_type",
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "garbage"],
    )
    def test_another_content_type_is_refused(self, client: Client, content_type: str) -> None:
        is_problem(self.send(client, orjson.dumps(self.good), content_type), 415)

    def test_a_body_over_the_limit_is_refused_before_it_is_read(self, client: Client) -> None:
        is_problem(self.send(client, orjson.dumps(self.good) + b" " * settings.BODY_LIMIT), 413)

    def test_a_chunked_body_is_refused(self, client: Client) -> None:
        is_problem(self.send(client, orjson.dumps(self.good), **CHUNKED), 411)

    @pytest.mark.parametrize("length", ["garbled", "-1", "1e3"])
    def test_a_garbled_length_is_refused(self, client: Client, length: str) -> None:
        method = self.methods[0].upper()
        response = client.generic(
            method, self.path, "", content_type="application/json", headers=self.sender(), CONTENT_LENGTH=length
        )
        is_problem(response, 400)

    def test_another_method_is_refused(self, client: Client, other_method: str) -> None:
        is_problem(getattr(client, other_method)(self.path, headers=self.sender()), 405)
