"""What holds at the doors of every service, as tests: `class TestDoors(EventsDoor)` in a service's tests runs them.

Bad input is a 4xx problem that names the field; nothing is stored, and the service goes on. A write is done once.
"""

from svc_chassis.testing.conformance.any_event import AnyEventDoor
from svc_chassis.testing.conformance.common import is_problem
from svc_chassis.testing.conformance.events import EventsDoor
from svc_chassis.testing.conformance.headers import HeadersDoor
from svc_chassis.testing.conformance.idempotency import IdempotentDoor
from svc_chassis.testing.conformance.pages import PagedDoor
from svc_chassis.testing.conformance.schema import SchemaDoor
from svc_chassis.testing.conformance.writes import TextField, WriteDoor

__all__ = [
    "AnyEventDoor",
    "EventsDoor",
    "HeadersDoor",
    "IdempotentDoor",
    "PagedDoor",
    "SchemaDoor",
    "TextField",
    "WriteDoor",
    "is_problem",
]
