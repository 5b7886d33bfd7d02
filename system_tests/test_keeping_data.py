"""`down` and `up` again keep all data, though the log is in memory; a consumer's lost database is filled again."""

from collections.abc import Iterator
from functools import partial

import pytest

from system_tests.conftest import running
from system_tests.harness.system import Json, System


@pytest.fixture(scope="module")
def written() -> Iterator[System]:
    """A system in which every kind of comment came to rest; each test leaves it so."""
    with running({}, ("frontend",)) as system:
        for number in range(3):
            post = system.post(f"post {number}", body="A body.", author="Ann")
            wanted = {
                system.comment(post, "hello", author="Ben")["id"]: "approved",
                system.comment(post, "orange", author="Cem")["id"]: "rejected",
                system.comment(post, "see https://example.org", author="Dua")["id"]: "pending",
            }
            system.eventually(partial(system.statuses, post), wanted)
        system.eventually(lambda: len(held(system)), 3)
        yield system


def held(system: System) -> list[str]:
    """The ids of the comments that wait for a person."""
    answer = system.as_moderator("GET", "/moderation/comments?status=pending")
    assert answer.status_code == 200, answer.text
    return [comment["id"] for comment in answer.json()]


def works(system: System, known: Json) -> None:
    """A new post and new comments take their way, on old posts too."""
    post = system.post("after all that")
    new, old = system.comment(post, "hello"), system.comment(known, "orange")
    system.eventually(lambda: system.statuses(post), {new["id"]: "approved"})
    system.eventually(lambda: system.statuses(known).get(old["id"]), "rejected")


def test_down_and_up_keep_everything(written: System) -> None:
    before, waiting = written.posts(), held(written)
    written.down()
    written.up()
    assert written.posts() == before
    assert held(written) == waiting
    works(written, before[0])
    assert written.posts()[2:] == before[1:]

    # And a person decides on what was held before.
    post = before[-1]
    shown = {"status": "approved", "content": "see https://example.org", "author": "Dua"}
    approved = post["comments"][2] | shown
    decision = f"/moderation/comments/{approved['id']}/decision"
    answer = written.as_moderator("POST", decision, json={"status": "approved"})
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    written.eventually(lambda: written.shown(post), post | {"comments": [*post["comments"][:2], approved]})


@pytest.mark.parametrize("service", ["query", "moderation", "eventbus"])
def test_a_database_lost_while_down_is_whole_again_after_up(written: System, service: str) -> None:
    before, waiting = written.posts(), held(written)
    written.down()
    lose_database(written, service)
    written.up()
    written.eventually(written.posts, before)
    # What a person decided was moderation's alone; what it knows from others it knows again.
    written.eventually(lambda: set(waiting) - set(held(written)), set())
    works(written, before[0])
    assert written.posts()[2:] == before[1:]


def test_a_database_lost_while_the_others_go_on_is_filled_from_the_log(written: System) -> None:
    before = written.posts()
    written.stop("query")
    lose_database(written, "query")
    written.start("query")
    written.eventually(written.posts, before)
    works(written, before[0])


def lose_database(system: System, service: str) -> None:
    files = list(system.run_dir.glob(f"{service}.sqlite3*"))
    assert files
    for file in files:
        file.unlink()
