from typing import ClassVar

import pytest
from django.test import Client

from svc_chassis.testing.conformance.common import Unharmed, is_problem

LIMITS = ["0", "-1", "101", "1.5", "1e1", "ten", "", " 5", "99999999999999999999", "٣"]
BEFORE = ["nobody", "00000000-0000-0000-0000-000000000000", "a\0b", "x" * 1000, "' OR 1=1"]


class PagedDoor(Unharmed):
    """A door that lists by `?limit=&before=`: subclass it with its path."""

    path: ClassVar[str]

    def sender(self) -> dict[str, str]:
        """The headers that let the sender in, where not everybody is."""
        return {}

    @pytest.mark.parametrize("limit", LIMITS)
    def test_a_limit_out_of_range_is_refused(self, client: Client, limit: str) -> None:
        is_problem(client.get(self.path, {"limit": limit}, headers=self.sender()), 400, ["limit"])

    @pytest.mark.parametrize("before", BEFORE)
    def test_a_page_that_begins_nowhere_is_refused(self, client: Client, before: str) -> None:
        is_problem(client.get(self.path, {"before": before}, headers=self.sender()), 400, ["before"])

    def test_nothing_is_an_empty_page(self, client: Client) -> None:
        response = client.get(self.path, headers=self.sender())
        assert (response.status_code, response.json(), "Link" in response) == (200, [], False)
