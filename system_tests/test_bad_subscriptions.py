"""Bad subscriptions by hand: refused, and nobody is subscribed."""

import json
from typing import Any

import pytest

from system_tests.harness.problems import Ask, Cases, at, check, problem
from system_tests.harness.system import System

pytestmark = pytest.mark.usefixtures("unharmed")


def test_an_operators_order_must_be_sound(system: System) -> None:
    path, sound = "/bus/subscriptions/foreign", {"url": "http://127.0.0.1:9/events", "types": ["PostCreated"]}
    headers = system.bearer("operator") | {"Content-Type": "application/json"}

    def order(**changes: Any) -> Ask:
        return Ask("PUT", path, json.dumps(sound | changes), headers)

    cases: Cases = {
        "no token": (Ask("PUT", path, "{}"), problem(401, "This needs the operator's token: Authorization: Bearer …")),
        "empty": (
            Ask("PUT", path, "{}", headers),
            at(url="This field is required.", types="This field is required."),
        ),
        "no URL": (order(url="nowhere"), at(url="Must be an http or https URL without a user.")),
        "another machine": (
            order(url="http://elsewhere.example/"),
            at(url="elsewhere.example is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS)."),
        ),
        "no list": (order(types="PostCreated"), at(types='Expected a list of items but got type "str".')),
        "another format": (order(format="xml"), at(format='"xml" is not a valid choice.')),
        "no batch": (order(batchSize=0), at(batchSize="Ensure this value is greater than or equal to 1.")),
        "no inbox": (order(inboxId="mine"), at(inboxId="Must be a valid UUID.")),
    }
    check(system, "eventbus", cases)
