"""A database that was put back from a backup: the others' events come again, and its own count as news."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from orders.events import GoodsArrived
from orders.models import Entry

from svc_chassis.inbox.heartbeat import subscription
from svc_chassis.outbox.models import VersionFloor
from svc_chassis.outbox.versions import next_version, raise_floor
from svc_chassis.restoring import restored
from svc_chassis.testing.plugin import Deliver, wire

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bus_is_told_of_another_inbox_which_knows_what_the_copy_has_applied(deliver: Deliver) -> None:
    applied = wire(GoodsArrived(id="g1", item="tea", version=1))
    since = wire(GoodsArrived(id="g1", item="milk", version=2))
    deliver(applied)
    before = subscription()

    restored()

    assert subscription()["inboxId"] != before["inboxId"]
    assert subscription() | {"inboxId": before["inboxId"]} == before
    assert [result["status"] for result in deliver(applied, since)] == ["duplicate", "applied"]
    assert list(Entry.objects.values_list("text", flat=True)) == ["tea", "milk"]


def test_versions_count_from_one_until_a_restore() -> None:
    assert [next_version(version) for version in (0, 1, 41)] == [1, 2, 42]


@pytest.mark.parametrize("of_the_copy", [0, 1, 7])
def test_after_a_restore_a_version_is_above_all_that_the_copy_has_forgotten(of_the_copy: int) -> None:
    published = next_version(of_the_copy + 100)

    restored()
    first = next_version(of_the_copy)
    second = next_version(first)

    assert published < first < second < 2**53  # and a browser can hold it


def test_a_second_restore_from_the_same_copy_is_above_the_first() -> None:
    raise_floor(2_000_000_000.0)
    after_the_first = next_version(next_version(1))
    VersionFloor.objects.all().delete()  # the copy knows nothing of the first restore

    raise_floor(2_000_000_001.0)

    assert next_version(1) > after_the_first


def test_a_clock_that_was_set_back_does_not_lower_the_floor() -> None:
    raise_floor(2_000_000_000.0)
    high = next_version(1)
    raise_floor(1_000_000_000.0)

    assert next_version(1) == high


def test_the_command_migrates_and_restores_and_may_be_run_again() -> None:
    ids = {subscription()["inboxId"]}
    for _ in range(2):
        out = StringIO()
        call_command("after_restore", stdout=out)
        assert out.getvalue() == "orders: restored. What it missed comes with the next heartbeat.\n"
        ids.add(subscription()["inboxId"])
    assert len(ids) == 3


@pytest.mark.parametrize("app", ["orders", "inbox", "outbox"])
def test_a_backup_of_a_later_release_is_refused_and_left_as_it_is(app: str) -> None:
    before = subscription()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '9999_next', '2026-01-01')"
        )
        try:
            with pytest.raises(CommandError) as refused:
                call_command("after_restore", stdout=StringIO())
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_next'")

    assert f"does not know {app}.9999_next" in str(refused.value)
    assert "Restore it with that release" in str(refused.value)
    assert subscription() == before
