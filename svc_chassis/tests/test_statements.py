"""How many SQL statements the hot paths cost. A regression fails with the statement that is new."""

import pytest
from conftest import Clock
from orders.views import place
from standin import StandInBus

from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import LOOK_EVERY, Relay
from svc_chassis.testing.plugin import Statements

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_event_is_relayed_with_one_read_and_one_write(relay: Relay, statements: Statements) -> None:
    relay.step()
    place(id="a", item="a")

    assert statements(relay.step) == ["SELECT outbox_outboxevent", "UPDATE outbox_outboxevent"]


def test_rows_of_an_earlier_history_are_found_although_new_ones_never_end(
    relay: Relay, clock: Clock, the_bus: StandInBus
) -> None:
    """A frozen replica can acknowledge rows for a history that is gone after the relay looked."""
    relay.step()
    place(id="late", item="late")
    OutboxEvent.objects.update(log_id="log-0")
    place(id="new", item="new")
    relay.step()
    assert the_bus.items() == ["new"]

    clock.advance(LOOK_EVERY)
    place(id="newer", item="newer")
    relay.step()
    assert the_bus.items() == ["new", "late", "newer"]
