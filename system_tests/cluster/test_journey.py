"""What holds on one machine holds in a cluster: through the Ingress, and with posts through its NodePort."""

import os
import subprocess

from launcher.quality import suites
from launcher.setup import node

from system_tests.cluster.deployed import URL, Deployed
from system_tests.harness.manage import ROOT
from system_tests.test_journey import (
    doors,
    test_a_comment_is_approved_or_rejected_and_query_shows_it,
    test_the_frontends_origin_serves_the_page,
    test_what_is_between_the_services_is_not_there_for_the_outside,
)

__all__ = [
    "doors",
    "test_a_comment_is_approved_or_rejected_and_query_shows_it",
    "test_the_frontends_origin_serves_the_page",
    "test_what_is_between_the_services_is_not_there_for_the_outside",
]


JOURNEYS = ("/journey.test.ts", "reader", "desk", "direction", "words")
"""the browser's tests that need no launcher"""


def test_a_browser_makes_the_journeys(system: Deployed) -> None:
    chromium = suites.chromium()
    assert chromium, "There is no Chromium on this machine: sudo apt-get install chromium, or set CHROMIUM."
    tokens = {f"{role.upper()}_TOKEN": system.token(role) for role in ("operator", "moderator")}
    environ = {**os.environ, "PATH": node.search_path(ROOT), "BLOGBUS_URL": URL, "CHROMIUM": chromium, **tokens}
    command = ["npm", "run", "test:browser", "--", *JOURNEYS]
    subprocess.run(command, cwd=ROOT / "frontend", env=environ, check=True)
