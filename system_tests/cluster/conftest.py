"""The base and the production overlay, one after the other, each in a namespace that goes with its tests."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from system_tests.cluster.deployed import BASE, PRODUCTION, Deployed
from system_tests.harness.manage import ROOT


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of one deployment together, whichever deployments a test is for."""

    def deployment(item: pytest.Item) -> str:
        callspec = getattr(item, "callspec", None)
        return str(callspec.params.get("system", "")) if callspec else ""

    items.sort(key=deployment)


@pytest.fixture(scope="session")
def images() -> None:
    """As a person builds them: the output is the test's."""
    subprocess.run([sys.executable, str(ROOT / "manage_all.py"), "images"], check=True)


@pytest.fixture(scope="session", params=[BASE, PRODUCTION])
def system(
    request: pytest.FixtureRequest, images: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    deployed = Deployed(request.param, tmp_path_factory.mktemp("checkout"))
    deployed.claim()
    try:
        deployed.up()
        yield deployed
    finally:
        deployed.down()


@pytest.fixture(params=["directly", "through the frontend"])
def travelled(system: Deployed, request: pytest.FixtureRequest) -> Deployed:
    return system
