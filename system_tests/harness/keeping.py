"""All that the services keep, and whether they rest."""

import re
from typing import Any

from system_tests.harness.http import call, pages, told
from system_tests.harness.system import System

PUBLISHERS = ("posts", "comments", "moderation")


def kept(system: System) -> dict[str, Any]:
    """What stands in the services' databases and in the log, as far as their doors show it."""
    posts = pages(system.url("posts", "/posts"))
    return {
        "posts": posts,
        "comments": [system.comments(post) for post in posts],
        "moderation": told(system.as_moderator("GET", "/moderation/comments?limit=100")),
        "query": system.posts(),
        "subscriptions": [row["name"] for row in told(system.as_operator("GET", "/bus/subscriptions"))],
        "log": told(system.as_operator("GET", "/events")),
    }


def unsettled(system: System) -> dict[str, object]:
    """What is still under way: subscriptions behind, and events that the bus has not acknowledged."""
    rows = told(system.as_operator("GET", "/bus/subscriptions"))
    behind = {row["name"]: row for row in rows if row["lag"] or row["state"] != "active"}
    return behind | {name: count for name in PUBLISHERS if (count := _outbox(system, name)) != (0, 0)}


def _outbox(system: System, service: str) -> tuple[int, int]:
    """How many events are unsent, and how many refused."""
    text = call("GET", system.url(service, "/metrics")).text
    unsent, refused = (re.search(rf"^blogbus_outbox_{what} (\d+)", text, re.M) for what in ("unsent", "refused"))
    return (int(unsent[1]), int(refused[1])) if unsent and refused else (-1, -1)
