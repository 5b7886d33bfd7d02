"""One definition of an id: in paths, in contracts, in schemas."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, path, resolve
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import svc_chassis.urls  # noqa: F401 (makes `<id:…>` known)
from svc_chassis.testing.conformance.ids import MALFORMED, WELL_FORMED
from svc_chassis.web.ids import SCHEMA, Id, is_id, new_id

contract = TypeAdapter(Id)


urlconf: Any = (path("things/<id:thing>/parts", lambda request, thing: HttpResponse()),)


def says_contract(text: str) -> bool:
    try:
        return bool(contract.validate_python(text))
    except ValidationError:
        return False


def says_path(text: str) -> bool:
    try:
        return resolve(f"/things/{text}/parts", urlconf).kwargs == {"thing": text}
    except Resolver404:
        return False


@pytest.mark.parametrize("text", [*WELL_FORMED, pytest.param(new_id(), id="new")])
def test_what_a_url_holds_as_one_segment_is_an_id(text: str) -> None:
    assert (is_id(text), says_contract(text), says_path(text)) == (True, True, True)


@pytest.mark.parametrize("text", ["", *MALFORMED])
def test_nothing_else_is(text: str) -> None:
    assert (is_id(text), says_contract(text), says_path(text)) == (False, False, False)


@given(st.one_of(st.text(max_size=5), st.text(st.sampled_from("a.~-_Z9\n/ é"), max_size=260)))
def test_paths_contracts_and_schemas_agree(text: str) -> None:
    in_schema = re.search(str(SCHEMA["pattern"]).replace("$", r"\Z"), text) and 1 <= len(text) <= 255
    assert says_contract(text) == says_path(text) == bool(in_schema) == is_id(text)
