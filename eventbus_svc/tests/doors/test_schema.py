"""Every operation of the bus answers as /openapi.json says, and whatever the headers say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from samples import comment

from eventbus.delivery.faults import NONE, set_faults
from svc_chassis.testing.conformance import HeadersDoor, SchemaDoor


class TestSchema(SchemaDoor):
    EXAMPLES = 8  # it has many operations

    @pytest.fixture
    def arranged(self, transactional_db: None, heartbeat: Any, publish: Any, operator: Any) -> Iterator[None]:
        heartbeat("query")
        publish([comment(str(number)) for number in range(30)])
        yield
        set_faults(NONE)  # it asked for some

    def sender(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}


class TestHeaders(HeadersDoor):
    SAMPLES = {"name": "query", "action": "retry"}

    @pytest.fixture
    def arranged(self, heartbeat: Any, publish: Any) -> None:
        heartbeat("query")
        publish([comment(str(number)) for number in range(3)])

    def sender(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}
