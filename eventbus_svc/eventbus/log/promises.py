"""What a log refuses to start on."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def check_partitions(wanted: int, count: int, where: str, cure: str) -> None:
    """Raises ImproperlyConfigured where the log in `where` has another number of partitions; 0 wants any."""
    if wanted not in (0, count):
        raise ImproperlyConfigured(
            f"EVENTBUS_LOG asks for {wanted} partitions, and {where} has {count}. "
            f"That number never changes: set partitions={count}, or {cure}."
        )


def check_options(wanted: Mapping[str, Any], found: Mapping[str, Any], where: str, cure: str) -> None:
    """Raises ImproperlyConfigured where an option is not as wanted: servers drop what they do not know."""
    for name, value in wanted.items():
        if (has := found.get(name, 0)) != value:
            raise ImproperlyConfigured(f"EVENTBUS_LOG: {where} has {name} {has!r}, not {value!r}: {cure}.")
