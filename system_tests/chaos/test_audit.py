"""The audit finds what it is there to find."""

from dataclasses import replace

import pytest

from system_tests.chaos.audit import Audit, audit
from system_tests.chaos.moderator import Decision
from system_tests.chaos.seen import Seen
from system_tests.harness.clients import Write
from system_tests.harness.system import Json

WHEN = "2026-01-01T00:00:00Z"
POST = {"id": "p", "title": "a post", "body": "", "author": "Ann", "createdAt": WHEN}
COMMENT = {"id": "c", "content": "hello", "author": "Ben", "status": "approved", "reason": None, "createdAt": WHEN}


def event(kind: str, source: str, subject: str, version: int) -> Json:
    data = {"version": version, "status": "approved", "reason": None}
    return {"id": f"{kind} {version}", "type": kind, "source": source, "subject": subject, "data": data}


HISTORY = [
    event("PostCreated", "/posts", "p", 1),
    event("CommentCreated", "/comments", "c", 1),
    event("CommentModerated", "/moderation", "c", 1),
    event("CommentUpdated", "/comments", "c", 2),
]
GOOD = Seen(
    posts=[POST],
    comments=[COMMENT | {"version": 2}],
    judged=[COMMENT | {"moderator": "rules"}],
    shown=[POST | {"commentCount": 1, "comments": [COMMENT]}],
    history=HISTORY,
)


@pytest.fixture
def writes() -> list[Write]:
    return [Write("Ann", "a post", None, POST), Write("Ben", "hello", "p", COMMENT)]


def count(found: Audit) -> tuple[int, int, int, int]:
    return len(found.lost), len(found.doubled), len(found.out_of_order), len(found.disagreeing)


def test_where_all_is_well_it_finds_nothing(writes: list[Write]) -> None:
    assert audit(writes, [], GOOD) == Audit([], [], [], [])


@pytest.mark.parametrize("door", ["posts", "comments", "judged", "history"])
def test_a_write_that_is_missing_at_one_door_is_lost(writes: list[Write], door: str) -> None:
    assert audit(writes, [], replace(GOOD, **{door: []})).lost != []


def test_a_write_that_nobody_answered_may_be_missing(writes: list[Write]) -> None:
    never = Write("Cem", "hello?", "p", None)
    assert audit([*writes, never], [], GOOD) == Audit([], [], [], [])


@pytest.mark.parametrize("door", ["posts", "comments", "judged"])
def test_what_stands_twice_at_one_door_is_doubled(writes: list[Write], door: str) -> None:
    assert count(audit(writes, [], replace(GOOD, **{door: getattr(GOOD, door) * 2}))) == (0, 1, 0, 0)


def test_an_event_twice_in_the_history_is_doubled(writes: list[Write]) -> None:
    found = audit(writes, [], replace(GOOD, history=[*HISTORY, HISTORY[0]]))
    assert count(found) == (0, 2, 1, 0)


def test_a_comments_update_before_its_creation_is_out_of_order(writes: list[Write]) -> None:
    swapped = [HISTORY[0], HISTORY[3], HISTORY[2], HISTORY[1]]
    assert audit(writes, [], replace(GOOD, history=swapped)).out_of_order == ["('/comments', 'c'): [2, 1]"]


@pytest.mark.parametrize("door", ["comments", "judged"])
def test_another_status_at_one_door_is_a_disagreement(writes: list[Write], door: str) -> None:
    told = [row | {"status": "rejected"} for row in getattr(GOOD, door)]
    assert count(audit(writes, [], replace(GOOD, **{door: told}))) == (0, 0, 0, 1)


def test_a_decision_of_which_the_history_does_not_tell_is_lost(writes: list[Write]) -> None:
    decision = Decision("c", "Ben", "rejected", "decision 1", {"version": 1})
    assert count(audit(writes, [decision], GOOD)) == (1, 0, 0, 0)
