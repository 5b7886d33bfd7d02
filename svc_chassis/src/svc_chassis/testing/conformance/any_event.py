"""Whatever the bus takes, a receiver can apply: events as anybody might write them, drawn by Hypothesis."""

from typing import Any, ClassVar

import orjson
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from svc_chassis.events.attributes import RFC_3339
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import example
from svc_chassis.events.parsing import envelopes
from svc_chassis.events.plain import check_payload
from svc_chassis.inbox.handlers import contract_of, handled_types
from svc_chassis.testing.conformance.common import is_problem
from svc_chassis.testing.conformance.events import post

Json = dict[str, Any]

TIMES = st.one_of(
    st.sampled_from(
        [
            *("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00-23:59", "0001-01-01t00:00:00z", "0000-01-01T00:00:00Z"),
            *("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59.9999999+00:01", "9999-12-31T23:59:60Z"),
            *("2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5+01:00", "2026-01-01T00:00:00.123456789Z"),
            *("1900-02-29T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01", "0", ""),
        ]
    ),
    st.from_regex(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,12})?"
        r"([Zz]|[+-][0-2][0-9]:[0-6][0-9])",
        fullmatch=True,
    ),
)
# What decoded JSON may hold: no lone surrogates, no integer beyond 64 bits.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
INTEGERS = st.integers(-(2**63), 2**64 - 1)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), INTEGERS, st.floats(allow_nan=False, allow_infinity=False), TEXT, TIMES,
    st.lists(TEXT, max_size=2), st.dictionaries(TEXT, INTEGERS, max_size=2),
)  # fmt: skip
TYPES = st.sampled_from(["application/json", "Application/JSON; charset=utf-8", "application/a+json", "text/xml", None])


@st.composite
def events(draw: st.DrawFn, contract: type[Contract]) -> Json:
    """An event of this contract, sound or not: some attributes and fields of its example are replaced or left out."""
    event = example(contract) | {"id": draw(st.uuids().map(str))}
    data = event["data"]
    for name in draw(st.sets(st.sampled_from(sorted(data)), max_size=3)):
        is_time = RFC_3339.fullmatch(str(data[name]))
        data[name] = draw(TIMES if is_time else TEXT | VALUES if isinstance(data[name], str) else VALUES)
    for name in draw(st.sets(st.sampled_from(["time", "time", "subject", "datacontenttype", "correlationid"]))):
        event[name] = draw({"time": TIMES, "datacontenttype": TYPES}.get(name, VALUES))
    names = st.one_of(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), TEXT)
    extensions = {name: draw(VALUES) for name in draw(st.lists(names, max_size=2)) if name not in event}
    return event | extensions


class AnyEventDoor:
    """What the bus takes is applied, or refused for a reason of the blog's; what it refuses is refused here, too."""

    REFUSALS: ClassVar[tuple[str, ...]] = ()
    """Exceptions by which a handler refuses a sound event."""

    @pytest.mark.django_db
    @hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_what_the_bus_takes_can_be_applied(self, client: Client, data: st.DataObject) -> None:
        contract = contract_of(data.draw(st.sampled_from(handled_types())))
        assert contract is not None
        with transaction.atomic():
            self._try(client, data.draw(events(contract)), contract)
            transaction.set_rollback(True)

    def _try(self, client: Client, event: Json, contract: type[Contract]) -> None:
        response = post(client, orjson.dumps([event]))
        try:
            [envelope] = envelopes([event])
        except ValidationError:
            is_problem(response, 400)
            return
        assert response.status_code == 200, response.content
        [result] = response.json()["results"]
        reason = result.get("error", "").partition(":")[0]
        try:
            check_payload(envelope, contract)
        except ValidationError:
            assert (result["status"], reason) == ("failed", "ValidationError"), result
        else:
            assert result["status"] == "applied" or reason in self.REFUSALS, result
