"""Which events of a batch are new, for logs that know the events they hold."""

import hashlib
from collections.abc import Mapping

from eventbus.log.port import Conflict, Record

Key = tuple[str, str]
"""source and id, which identify an event"""


def fresh(records: list[Record], stored: Mapping[Key, bytes]) -> list[tuple[Record, bytes]]:
    """Those that are not in `stored` (key → digest), each once, with their digests.

    Raises Conflict where one of them came before with another body.
    """
    found: dict[Key, tuple[Record, bytes]] = {}
    for record in records:
        key, its = (record.source, record.id), digest(record.body)
        known = stored.get(key) or (found[key][1] if key in found else its)
        if known != its:
            raise Conflict(f"{record.source} published {record.id} before, with another body.")
        if key not in stored:
            found.setdefault(key, (record, its))
    return list(found.values())


def digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
