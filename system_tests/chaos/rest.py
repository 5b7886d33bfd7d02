"""Whether all comes to rest, and whether one bad subscriber keeps the others waiting."""

import time
from contextlib import suppress
from dataclasses import dataclass

from system_tests.chaos.unruly import MANNERS, NAME, Unruly
from system_tests.harness.clients import Write
from system_tests.harness.keeping import unsettled
from system_tests.harness.system import Json, System

QUIET_WITHIN, WAITED = 30.0, 120.0
"""seconds after the last fault: promised, and waited for where the promise was broken"""
CAUGHT_UP_WITHIN = 180.0
"""seconds; among them the longest wait of a parked event, half a minute"""


@dataclass(frozen=True)
class Rest:
    left: dict[str, object]
    """What was still pending QUIET_WITHIN seconds after the last fault."""
    quiet_after: float
    """seconds"""


def rest(system: System, writes: list[Write], since: float) -> Rest:
    """Wait for it; `since` in the seconds of time.monotonic."""
    looks: list[tuple[float, dict[str, object]]] = []

    def look() -> dict[str, object]:
        found = pending(system, writes)
        looks.append((time.monotonic() - since, found))
        return found

    with suppress(AssertionError):
        system.eventually(look, {}, within=WAITED, every=0.3)
    in_time = [found for after, found in looks if after <= QUIET_WITHIN]
    return Rest(in_time[-1] if in_time else {"no look in time": None}, looks[-1][0])


def pending(system: System, writes: list[Write]) -> dict[str, object]:
    """What is still under way; a comment that moderation holds for a person rests."""
    if under_way := {name: what for name, what in unsettled(system).items() if name != NAME}:
        return under_way
    held = {each["id"] for each in system.judged() if each["status"] == "pending"}
    posts = system.posts()
    comments = [comment for post in posts for comment in post["comments"]]
    waiting = [each["id"] for each in comments if each["status"] == "pending" and each["id"] not in held]
    there = {row["id"] for row in [*posts, *comments]}
    unseen = [write.answer["id"] for write in writes if write.answer and write.answer["id"] not in there]
    return {name: ids for name, ids in {"pending": waiting, "not shown": unseen}.items() if ids}


def delays(system: System, unruly: Unruly) -> dict[str, float]:
    """Seconds from a comment to its verdict, for each manner in which the subscriber can be unruly."""
    post = system.post("undelayed")
    return {manner: _delay(system, unruly, manner, post) for manner in MANNERS}


def _delay(system: System, unruly: Unruly, manner: str, post: Json) -> float:
    unruly.manner, asked = manner, unruly.answers[manner]
    # What comes now is written while the subscriber is at it.
    system.comment(post, f"hello, {manner}")
    system.eventually(lambda: unruly.answers[manner] > asked, True)
    began = time.monotonic()
    comment = system.comment(post, f"and now, {manner}")
    system.eventually(lambda: system.statuses(post).get(comment["id"]), "approved")
    return time.monotonic() - began


def caught_up(system: System, unruly: Unruly) -> None:
    """Once it behaves, and a person has its dead letters tried again, it gets all that it missed."""

    def left() -> list[Json]:
        system.as_operator("POST", "/bus/dead-letters/retry")
        return [row for name, row in unsettled(system).items() if name == NAME and isinstance(row, dict)]

    system.eventually(left, [], within=CAUGHT_UP_WITHIN, every=0.5)
