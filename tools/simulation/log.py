"""The bus's log as the simulator watches it: what happens to a log in need is a fault that the report counts."""

from collections.abc import Sequence

from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.port import Appended, Batch, Evicted, Full, Record
from tools.simulation.world import World


class WatchedLog(MemoryLog):
    def __init__(self, world: World, limit: int, partitions: int, stride: int) -> None:
        super().__init__(limit, partitions, stride)
        self._world = world

    def append(self, records: list[Record], expected: str | None) -> Appended:
        try:
            return super().append(records, expected)
        except Full as full:
            self._world.fault("log full", f"no room for {full.needed} bytes")
            raise

    def read(self, partition: int, after: int, limit: int) -> Batch:
        try:
            return super().read(partition, after, limit)
        except Evicted:
            self._world.fault("event evicted", f"what follows {after} is needed, and gone")
            raise

    def make_room(self, through: Sequence[int], wanted: int) -> int:
        if freed := super().make_room(through, wanted):
            self._world.fault("log trimmed", f"by {freed} bytes")
        return freed

    def renew(self, log_id: str) -> None:
        if log_id == self.log_id:
            self._world.fault("new history by need", "the outboxes are published again")
        super().renew(log_id)
