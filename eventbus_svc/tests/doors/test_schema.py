"""Every operation of the bus answers as /openapi.json says."""

from typing import Any

import pytest
from django.conf import settings
from samples import comment

from svc_chassis.conformance import SchemaDoor


class TestSchema(SchemaDoor):
    EXAMPLES = 8  # it has many operations

    @pytest.fixture
    def arranged(self, transactional_db: None, heartbeat: Any, publish: Any, operator: Any) -> None:
        heartbeat("query")
        publish([comment(str(number)) for number in range(30)])

    def sender(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}
