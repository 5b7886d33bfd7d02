from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

# Not that all that breaks the schema is refused: texts are trimmed first, and what is unknown is ignored.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


class SchemaDoor:
    """Every operation of /openapi.json answers as it says there, whatever it is asked."""

    EXAMPLES = 20

    @pytest.fixture
    def arranged(self) -> None:
        """What must be there before; override where something must."""

    def sender(self) -> dict[str, str]:
        """The headers that let the sender in, where not everybody is."""
        return {}

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("mode", list(GenerationMode))
    def test_every_operation_answers_as_the_schema_says(self, arranged: None, mode: GenerationMode) -> None:
        schema: Any = schemathesis.openapi.from_wsgi("/openapi.json", WSGIHandler())
        for found in schema.get_all_operations():
            operation = found.ok()
            if "text/event-stream" in str(operation.definition.raw):
                continue  # its answer has no end
            if mode.is_positive or operation.body or operation.query:
                self._holds(operation.as_strategy(generation_mode=mode))

    def _holds(self, cases: SearchStrategy[Any]) -> None:
        @settings(
            max_examples=self.EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def holds(case: Any) -> None:
            case.call_and_validate(checks=CHECKS, headers=self.sender())

        holds()
