"""One deployment for all tests; it is left running, as it was asked for."""

import subprocess
import sys

import pytest

from system_tests.cluster.deployed import Deployed
from system_tests.harness.manage import ROOT


def manage(*arguments: str) -> None:
    """As a person calls it: its output is the test's."""
    subprocess.run([sys.executable, str(ROOT / "manage_all.py"), *arguments], check=True)


@pytest.fixture(scope="session")
def system() -> Deployed:
    """Built and rolled out."""
    manage("images")
    manage("keys")
    deployed = Deployed()
    deployed.deploy()
    return deployed
