"""What query shows, held against what was written: each write once, whole, and with its final status."""

from collections import Counter
from collections.abc import Iterable

from system_tests.harness.clients import Write
from system_tests.harness.system import Json

WHY = "It contains the banned word “orange”."
SHOWN = 10
"""findings that a failure lists"""


def reckon(writes: Iterable[Write], posts: list[Json], judged: Iterable[Json]) -> list[str]:
    """What is wrong, in words; nothing is wrong where a write that got no answer is there or is not.

    `judged` are moderation's comments: only there stands who wrote what is not approved.
    """
    of, names = {write.author: write for write in writes}, _names(judged)
    found: list[str] = []
    times = Counter[str]()
    for post in posts:
        times[post["author"]] += 1
        found += _post(of.get(post["author"]), post)
        for comment in post["comments"]:
            author = names.get(comment["id"], comment["author"] or "nobody")
            times[author] += 1
            found += _comment(of.get(author), comment, post)
    found += [f"lost: {write}" for write in of.values() if write.answer and not times[write.author]]
    found += [f"{count} times: {of.get(author)}" for author, count in times.items() if count > 1]
    return [*found[:SHOWN], f"… {len(found)} findings"] if len(found) > SHOWN else found


def unanswered(writes: Iterable[Write], posts: list[Json], judged: Iterable[Json]) -> int:
    """How many writes took effect though their client never heard."""
    authors = {post["author"] for post in posts} | {*_names(judged).values()}
    return sum(write.answer is None and write.author in authors for write in writes)


def _post(write: Write | None, post: Json) -> list[str]:
    if write is None or write.post_id is not None:
        return [f"nobody wrote this post: {post}"]
    said = write.answer or post  # its id and moment are nobody's guess
    wanted = {
        "id": said["id"],
        "title": write.text,
        "body": "",
        "author": write.author,
        "createdAt": said["createdAt"],
        "commentCount": len(post["comments"]),
        "comments": post["comments"],
    }
    return [] if post == wanted else [f"not as it was written: {post}, but {wanted}"]


def _comment(write: Write | None, comment: Json, post: Json) -> list[str]:
    if write is None or write.post_id != post["id"]:
        return [f"nobody wrote this comment on {post['id']}: {comment}"]
    said = write.answer or comment
    final = write.decided or verdict(write.text)
    author = write.author if final["status"] == "approved" else None
    wanted = {"id": said["id"], "author": author, "createdAt": said["createdAt"], **final}
    return [] if comment == wanted else [f"not as it was written: {comment}, but {wanted}"]


def _names(judged: Iterable[Json]) -> dict[str, str]:
    return {comment["id"]: comment["author"] for comment in judged}


def verdict(text: str) -> Json:
    """How a comment ends that nobody decides on by hand."""
    if "orange" in text:
        return {"status": "rejected", "content": None, "reason": WHY}
    if "https://" in text:
        return {"status": "pending", "content": None, "reason": None}
    return {"status": "approved", "content": text, "reason": None}
