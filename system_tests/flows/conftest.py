"""This process is all services at once; each test begins with an empty blog."""

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from tools.one_process import become_all_services

become_all_services(os.environ["BLOGBUS_RUN_DIR"])

from tools.simulation.places import Databases, prepare  # noqa: E402

from system_tests.flows.flow import Flow, tell  # noqa: E402 (needs the settings)


@pytest.fixture(scope="session")
def databases(django_db_blocker: Any) -> Databases:
    with django_db_blocker.unblock():
        return prepare()


@pytest.fixture
def flow(databases: Databases, django_db_blocker: Any) -> Iterator[Flow]:
    logging.disable(logging.INFO)
    with django_db_blocker.unblock(), tell(databases) as story:
        yield story
    logging.disable(logging.NOTSET)
