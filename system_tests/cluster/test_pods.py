"""The promise itself, in a cluster: whatever pod goes in the middle of a load, nothing acknowledged is lost."""

import time
from collections.abc import Callable
from dataclasses import replace

from system_tests.chaos.audit import Audit, audit
from system_tests.chaos.seen import Seen, look, without_repeats
from system_tests.cluster.deployed import Deployed
from system_tests.harness.clients import Clients, Write
from system_tests.harness.reckoning import reckon

CLIENTS, PAUSE = 8, 1.0
"""below 20 writes per second, which is what one address may"""
WRITES_BETWEEN = 20
"""answered, before the next pod goes"""
QUIET_WITHIN = 120.0
"""seconds"""


def test_any_pod_may_be_deleted_or_updated_while_people_write(
    system: Deployed, measured: Callable[[str], None]
) -> None:
    before = {post["id"] for post in system.posts()}
    began, healed = time.monotonic(), {}
    with Clients(system, str(began), CLIENTS, PAUSE) as clients:
        for what, befall in {"deleted": system.delete_pods, "updated": system.roll}.items():
            for workload in system.workloads():
                wanted = clients.answered() + WRITES_BETWEEN
                system.eventually(lambda wanted=wanted: clients.answered() >= wanted, True, within=120)  # type: ignore[misc]
                healed[f"{workload.partition('/')[2]} {what}"] = befall(workload)
    ended = time.monotonic()
    writes = clients.writes
    system.eventually(lambda: reckon(writes, _new(system, before), system.judged()), [], within=QUIET_WITHIN, every=0.5)
    quiet = time.monotonic() - ended
    assert audit(writes, [], _seen(system, writes, before)) == Audit([], [], [], [])
    measured(
        f"cluster: {clients.answered()} of {len(writes)} writes answered 2xx {dict(clients.outcomes)} in "
        f"{ended - began:.0f} s; whole again after "
        + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in healed.items())
        + f"; quiet {quiet:.1f} s after the last"
    )


def _new(system: Deployed, before: set[str]) -> list[dict[str, object]]:
    return [post for post in system.posts() if post["id"] not in before]


def _seen(system: Deployed, writes: list[Write], before: set[str]) -> Seen:
    """What the doors show of this test's own writes: the blog may have been there before."""
    seen = without_repeats(look(system, writes)) if system.replicated else look(system, writes)
    posts = {post["id"] for post in seen.posts} - before
    comments = [comment for comment in seen.comments if comment["postId"] in posts]
    subjects = posts | {comment["id"] for comment in comments}
    return replace(
        seen,
        posts=[post for post in seen.posts if post["id"] in posts],
        comments=comments,
        judged=[each for each in seen.judged if each["id"] in subjects],
        shown=[post for post in seen.shown if post["id"] in posts],
        history=[event for event in seen.history if event["subject"] in subjects],
    )
