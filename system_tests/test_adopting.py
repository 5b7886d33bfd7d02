"""docs/adopt.md, followed word by word in a copy of this checkout, ends with two services of another kind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from svc_chassis.testing.eventually import eventually
from system_tests.harness.copying import Copy
from system_tests.harness.http import call
from system_tests.harness.manage import ROOT
from system_tests.harness.walk import assert_it_fits, walk

DOCUMENT = ROOT / "docs" / "adopt.md"
OWN = ("orders_svc/", "stock_svc/", "contracts/")


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    with closing(Copy(tmp_path.resolve())) as copy:
        yield copy


def test_the_changes_it_asks_for_fit_the_files_as_they_are(tmp_path: Path) -> None:
    assert_it_fits(DOCUMENT, tmp_path, OWN)


def test_the_walk_ends_with_an_order_that_stock_has_answered(copy: Copy) -> None:
    walk(DOCUMENT, copy)
    url = copy.url("orders", "/orders")
    orders = [call("POST", url, json={"item": "lamp", "quantity": 7}).json() for _ in range(2)]
    answered = [{**orders[1], "reserved": False}, {**orders[0], "reserved": True}]
    eventually(lambda: call("GET", url).json(), answered, 20.0)
    assert call("GET", copy.url("stock", "/stock")).json() == [{"item": "lamp", "left": 3}]
    assert "delivered" in copy.run(f"python3 manage_all.py logs --chain {orders[0]['id']}")
