"""The scheme of EVENTBUS_LOG names the engine; what makes no sense is refused at the start, with the cure."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.open import open_log


@pytest.mark.parametrize("url", ["scroll://", "", "memory", "://", "/memory://"])
def test_an_unknown_engine_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"EVENTBUS_LOG is .*: set it to one of memory://"):
        open_log(url)


@pytest.mark.parametrize("value", ["0", "", "-1", "two", "1.5", "99999"])
def test_a_number_of_partitions_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"EVENTBUS_LOG: partitions is .*: set it to a whole number from 1"):
        open_log(f"memory://?partitions={value}")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="EVENTBUS_LOG: memory:// has no option 'shards'; it has partitions"):
        open_log("memory://?shards=3")


def test_the_memory_log_has_the_partitions_that_were_asked_for() -> None:
    log = open_log("memory://?partitions=3")
    try:
        assert (log.partitions, log.durability) == (3, "memory")
    finally:
        log.close()
