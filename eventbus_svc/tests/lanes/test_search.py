"""Events are found by text, by the start of an id, and by time; what is searched is bounded."""

from typing import Any
from urllib.parse import quote

import pytest
from samples import comment

from eventbus.inspection.index import TEXT, TEXTS
from eventbus.models import IndexedEvent
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.http_server import Json


def saying(content: str, **attributes: Any) -> Json:
    event = comment(**attributes)
    event["data"] |= {"content": content}
    return event


@pytest.fixture
def listed(operator: Any) -> Any:
    def _listed(query: str) -> list[str]:
        return [event["id"] for event in operator("get", f"/bus/events?{query}").json()]

    return _listed


def test_a_text_is_found_in_upper_and_lower_case_and_as_it_is_written(put: Any, listed: Any) -> None:
    one, two, three = put(saying("Which HILL?"), saying("Über den Hügel"), saying("100 % of_it"))

    assert listed("text=hill") == [one]
    assert listed(f"text={quote('ÜBER')}") == [two]
    assert listed(f"text={quote('100 %')}") == [three]
    assert listed(f"text={quote('%')}") == [three]
    assert listed("text=_") == [three]
    assert listed("text=nothing") == []
    assert listed("text=hill&types=CommentUpdated") == []


def test_of_a_payload_only_the_beginnings_are_kept_to_be_searched(put: Any, listed: Any) -> None:
    [one] = put(saying("begin " + "ü" * TEXT + " beyond"))

    assert listed("text=begin") == [one]
    assert listed("text=beyond") == []
    assert len((IndexedEvent.objects.get().text or "").encode()) <= TEXTS


def test_an_event_is_found_by_how_its_id_begins(put: Any, listed: Any) -> None:
    one, two = put(comment(id="3f0c51d2-9a4e"), comment("b", id="3f0d0000-9a4e"))

    assert listed("id=3f0") == [two, one]
    assert listed("id=3f0c51d2") == [one]
    assert listed("id=f0c5") == []


def test_events_of_a_time_range_are_listed_from_its_beginning_and_before_its_end(put: Any, listed: Any) -> None:
    times = ["2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z"]
    one, two, three = put(*[comment(str(number), time=time) for number, time in enumerate(times)])

    assert listed("since=2026-01-01T11:00:00Z") == [three, two]
    assert listed("until=2026-01-01T11:00:00Z") == [one]
    assert listed(f"since={quote('2026-01-01T12:00:00+01:00')}&until=2026-01-01T12:00:00Z") == [two]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=yesterday", "since"),
        ("until=2026-01-01T11:00:00", "until"),
        ("since=2026-01-01", "since"),
        ("text=", "text"),
        ("text=" + "x" * 201, "text"),
        ("text=%00", "text"),
        ("id=%00", "id"),
        ("subject=%00", "subject"),
        ("source=%00", "source"),
        ("types=%00", "types"),
        ("state=%00", "state"),
    ],
)
def test_what_is_no_time_or_no_text_is_refused(query: str, field: str, operator: Any) -> None:
    is_problem(operator("get", f"/bus/events?{query}"), 400, [field])


@pytest.mark.parametrize(("event", "field"), [("%00", "id"), ("e?source=%00", "source")])
def test_an_id_or_a_source_with_a_nul_is_refused(event: str, field: str, operator: Any) -> None:
    is_problem(operator("get", f"/bus/events/{event}"), 400, [field])


def test_events_that_a_former_release_indexed_are_listed_and_not_found_by_text_which_is_said(
    put: Any, listed: Any, operator: Any
) -> None:
    def since(query: str) -> Any:
        return operator("get", f"/bus/events?{query}").headers.get("Index-Begins")

    one, two = put(saying("hello"), saying("hello", time="2026-01-01T11:00:00Z"))
    assert (listed("text=hello"), since("text=hello")) == ([two, one], None)
    IndexedEvent.objects.filter(event_id=one).update(text=None)

    assert (listed(""), listed("text=hello")) == ([two, one], [two])
    assert (since(""), since("text=hello")) == (None, "2026-01-01T11:00:00.000000Z")
    # Another process may still be of a former release.
    IndexedEvent.objects.filter(event_id=one).update(text="hello")
    IndexedEvent.objects.filter(event_id=two).update(text=None)
    assert since("text=hello") > "2026-01-01T11:00:00.000000Z"
    IndexedEvent.objects.update(text=None)
    assert since("text=hello") > "2026-01-01T11:00:00.000000Z"
