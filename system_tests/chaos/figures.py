"""A run in a small table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from system_tests.chaos.audit import Audit
from system_tests.chaos.disks import Disks
from system_tests.chaos.faults import Faults
from system_tests.chaos.moderator import Decision
from system_tests.chaos.rest import QUIET_WITHIN, Rest
from system_tests.chaos.unruly import Unruly
from system_tests.harness.clients import Clients


@dataclass(frozen=True)
class Work:
    clients: Clients
    decisions: list[Decision]
    unruly: Unruly
    seconds: float
    """that the faults lasted"""


def figures(
    seed: str, work: Work, faults: Faults, disks: Disks, found: Audit, rested: Rest, slowest: float
) -> Iterator[str]:
    """Line by line."""
    full = _counted(faults.fills)
    yield f"chaos, seed {seed}, {work.seconds:.0f} s"
    rows = {
        "kills": _counted(faults.kills),
        "stopped and continued": _counted(faults.stops),
        "restarted": _counted(faults.restarts),
        "disk full": f"left out: {disks.left_out}" if disks.left_out else f"{disks.seconds:.0f} s, {full}",
        "unruly subscriber's answers": _counted(Counter(work.unruly.answers)),
        "writes attempted": f"{len(work.clients.writes)} and {len(work.decisions)} decisions",
        "acknowledged": f"{work.clients.answered()} and {sum(d.answer is not None for d in work.decisions)} decisions",
        "answers": ", ".join(f"{n} {what}" for what, n in work.clients.outcomes.most_common()),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "out of order": len(found.out_of_order),
        "services that disagree": len(found.disagreeing),
        f"pending after {QUIET_WITHIN:.0f} s": len(rested.left),
        "seconds to quiet": f"{rested.quiet_after:.1f}",
        "verdict beside the unruly": f"after {slowest:.2f} s at most",
    }
    yield from (f"  {what:28}{figure}" for what, figure in rows.items())


def _counted(counter: Counter[str]) -> str:
    each = ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))
    return f"{counter.total()}: {each}"
