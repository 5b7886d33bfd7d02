"""What an event's attributes may hold, by CloudEvents 1.0, RFC 3339 and RFC 3986."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_chassis.events.attributes import instant
from svc_chassis.events.event import Violation, parse
from svc_chassis.testing.conformance.events import EVENT

SOURCES = [
    *(
        "/posts",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "https://github.com/cloudevents",
        "mailto:a@b.example",
    ),
    *("cloudevents/spec/pull/123", "1-555-123-4567", "//host:1/x", "http://[::1]:80/a?b=/?#c/?", "#x", "?a", "a:", "/"),
    "/%C3%A9",
]
NO_SOURCES = [
    *(" /x", "a b", "/%zz", "1:2", "/a#b#c", "http://[", "/[x]", "é", "<x>", "a\\b", "{x}", '"'),
    "/" + "x" * 255,
]
JSON_TYPES = [
    *("application/json", "application/json; charset=utf-8", 'APPLICATION/JSON;charset="utf-8"', "text/json"),
    *("application/foo+json", "application/vnd.a.b+JSON; v=1;", "Application/Json ; a=b;c=d"),
]
NO_JSON_TYPES = [
    *("text/xml", "json", "application/json charset", "application/json;charset", "application/jsonx"),
    *("application/json+xml", "application/+json", "/json", "application/json, text/json"),
]
TIMES = {
    "2026-01-01t10:00:00z": datetime(2026, 1, 1, 10, tzinfo=UTC),
    "2026-01-01T10:00:00+23:59": datetime(2025, 12, 31, 10, 1, tzinfo=UTC),
    "2026-01-01T10:00:00-00:00": datetime(2026, 1, 1, 10, tzinfo=UTC),
    "2026-01-01T10:00:00.5Z": datetime(2026, 1, 1, 10, 0, 0, 500_000, tzinfo=UTC),
    f"2026-01-01T10:00:00.123456{'7' * 100}Z": datetime(2026, 1, 1, 10, 0, 0, 123_456, tzinfo=UTC),
    "2016-12-31T23:59:60Z": datetime(2017, 1, 1, tzinfo=UTC),
    "2016-12-31t15:59:60.25-08:00": datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "0001-01-02T00:00:00+23:59": datetime(1, 1, 1, 0, 1, tzinfo=UTC),
    "9999-12-31T23:59:59.9999999Z": datetime.max.replace(tzinfo=UTC),
}
NO_TIMES = [
    *("2016-12-31T22:59:60Z", "2026-01-01T10:00:61Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z"),
    *("2026-01-01 00:00:00Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+10:60", "2026-01-01T00:00Z"),
    *("2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00Z\n"),
    *("٢٠٢٦-01-01T00:00:00Z", "26-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "20260101T000000Z", "1767225600", ""),
]
OUT_OF_RANGE = [
    *("0001-01-01T00:00:00+23:59", "0001-01-01t00:00:59.999+00:01", "0000-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z", "9999-12-31T23:59:00-00:01"),
]


def faults(**changes: Any) -> list[tuple[str, str]]:
    try:
        parse({**EVENT, **changes})
    except Violation as error:
        return [(str(found["loc"][1]), found["msg"]) for found in error.errors()]
    return []


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_any_uri_reference(source: str) -> None:
    assert faults(source=source, dataschema=source) == []


@pytest.mark.parametrize("source", NO_SOURCES)
def test_what_is_no_uri_reference_is_refused(source: str) -> None:
    assert [field for field, _ in faults(source=source, dataschema=source)] == ["source", "dataschema"]


@pytest.mark.parametrize("name", JSON_TYPES)
def test_data_is_json_under_any_name_of_it(name: str) -> None:
    assert faults(datacontenttype=name) == []


@pytest.mark.parametrize("name", NO_JSON_TYPES)
def test_data_that_is_called_something_else_is_refused(name: str) -> None:
    assert faults(datacontenttype=name) == [
        ("datacontenttype", "Must be a media type of JSON, such as application/json.")
    ]


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_understood_in_all_forms_of_rfc_3339(text: str) -> None:
    assert (faults(time=text), instant(text)) == ([], TIMES[text])


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert faults(time=text) == [("time", "Must be a time as RFC 3339 writes it, such as 2026-01-01T09:30:00Z.")]


@pytest.mark.parametrize("text", OUT_OF_RANGE)
def test_a_time_that_no_receiver_can_hold_is_refused(text: str) -> None:
    assert faults(time=text) == [("time", "In UTC it must lie in the years 1 to 9999, or no receiver can hold it.")]


@given(st.datetimes(timezones=st.timezones()))
def test_any_time_is_taken_or_refused_and_means_the_same(moment: datetime) -> None:
    text = moment.isoformat()
    try:
        meant = moment.astimezone(UTC)
    except OverflowError:
        assert faults(time=text)
        return
    if not faults(time=text):  # zones of long ago have seconds in their offsets
        assert instant(text) == meant


@pytest.mark.parametrize("name", ["myext", "7", "traceparent", "a" * 40])
@pytest.mark.parametrize("value", ["", "text", "é", True, False, 0, 2**31 - 1, -(2**31), None])
def test_an_extension_attribute_is_a_string_a_boolean_or_a_small_integer(name: str, value: Any) -> None:
    assert faults(**{name: value}) == []


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], ["a"], 1.5, 1.0, 2**31, -(2**31) - 1, "a\0", "\x9f", "\uffff"])
def test_an_extension_attribute_is_nothing_else(value: Any) -> None:
    assert [field for field, _ in faults(myext=value)] == ["myext"]


@pytest.mark.parametrize("name", ["my-ext", "myExt", "my_ext", "", "é", "my.ext", "Data", "data_base64", "a b"])
def test_an_extension_attribute_has_a_plain_name(name: str) -> None:
    assert [field for field, _ in faults(**{name: "x"})] == [name]
    assert faults(**{name: None}) == []


@pytest.mark.parametrize("name", ["id", "source", "type", "subject", "dataschema", "correlationid", "causationid"])
def test_a_name_is_neither_empty_nor_has_it_what_shows_nothing(name: str) -> None:
    for value in ("", "a\x1fb", "a\x85b", "a\ufdd0b", "a\U0001fffe", 7, True, {}, []):
        assert [field for field, _ in faults(**{name: value})] == [name], value


@pytest.mark.parametrize("name", ["datacontenttype", "dataschema", "correlationid", "causationid"])
def test_a_null_is_an_attribute_that_is_not_there(name: str) -> None:
    [with_null], [without] = parse(EVENT | {name: None}), parse(EVENT)
    assert with_null == without
