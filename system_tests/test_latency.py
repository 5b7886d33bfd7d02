"""How long a comment waits for moderation's word while nothing else goes on."""

import time
from collections.abc import Callable
from statistics import median

from system_tests.harness.http import session
from system_tests.harness.system import Json, System

COUNT = 20
PROMISED = 1.0
"""seconds, in the README"""


def test_a_comment_is_approved_within_a_second(system: System, measured: Callable[[str], None]) -> None:
    post = system.post("how long")
    system.eventually(lambda: system.shown(post) is not None, True)
    took = [approval(system, post, f"comment {number}") for number in range(COUNT)]
    took.sort()
    measured(f"comment → approved: median {median(took):.0f} ms, fastest {took[0]:.0f} ms, slowest {took[-1]:.0f} ms")
    assert median(took) < PROMISED * 1000


def approval(system: System, post: Json, content: str) -> float:
    """Milliseconds from the comment's 201 until query shows it approved."""
    with session() as client:
        client.get(system.url("query", f"/posts/{post['id']}"))
        comment = system.comment(post, content)
        began = time.perf_counter()

        def seen() -> str | None:
            shown = client.get(system.url("query", f"/posts/{post['id']}")).json()
            return {each["id"]: each["status"] for each in shown["comments"]}.get(comment["id"])

        system.eventually(seen, "approved", every=0.002)
        return (time.perf_counter() - began) * 1000
