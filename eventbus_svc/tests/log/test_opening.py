"""The scheme of EVENTBUS_LOG names the engine; what makes no sense is refused at the start, with the cure."""

import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.open import open_log


@pytest.mark.parametrize("url", ["scroll://", "", "memory", "://", "/memory://"])
def test_an_unknown_engine_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EVENTBUS_LOG begins with .*: set it to one of memory://"):
        open_log(url)


@pytest.mark.parametrize("option", ["memory://?partitions", "database://?partitions", "database://?keep_days"])
@pytest.mark.parametrize("value", ["0", "", "-1", "two", "1.5", "99999"])
def test_a_number_that_is_none_is_refused(option: str, value: str) -> None:
    name = option.partition("?")[2]
    with pytest.raises(ImproperlyConfigured, match=rf"EVENTBUS_LOG: {name} is .*: set it to a whole number from 1"):
        open_log(f"{option}={value}")


@pytest.mark.parametrize("url", ["database://user@host/name", "database:///file", "memory://host", "database://#3"])
def test_an_address_is_refused_where_there_is_none_to_give(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"has no address, only options, as in \w+://\?partitions=3"):
        open_log(url)


@pytest.mark.parametrize("url", ["nats://bus:se#cret@host", "kafka://bus:secret@", "amqp://bus:secret@host"])
def test_a_refusal_does_not_show_a_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EVENTBUS_LOG") as refused:
        open_log(url)
    assert "cret" not in str(refused.value)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="EVENTBUS_LOG: memory:// has no option 'shards'; it has partitions"):
        open_log("memory://?shards=3")


def test_an_engine_whose_client_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "eventbus.log.adapters.nats", raising=False)
    monkeypatch.setitem(sys.modules, "nats", None)

    with pytest.raises(ImproperlyConfigured, match="client nats is not installed: run pip install -r"):
        open_log("nats://127.0.0.1:1")


def test_the_memory_log_has_the_partitions_that_were_asked_for() -> None:
    log = open_log("memory://?partitions=3")
    try:
        assert (log.partitions, log.durability) == (3, "memory")
    finally:
        log.close()


@pytest.mark.django_db(transaction=True)
def test_the_log_in_the_database_has_the_partitions_that_were_asked_for_at_first() -> None:
    log = open_log("database://?partitions=3&keep_days=30")
    assert (log.partitions, log.durability, log.features.single_process) == (3, "fsync", False)
    assert open_log("database://").log_id == log.log_id
    with pytest.raises(ImproperlyConfigured, match="EVENTBUS_LOG asks for 2 partitions"):
        open_log("database://?partitions=2")
