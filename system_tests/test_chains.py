"""`logs --chain`: what every service did about one comment, found by its id."""

import re
from collections.abc import Iterator

import pytest

from system_tests.conftest import running
from system_tests.harness.system import System


@pytest.fixture
def system() -> Iterator[System]:
    with running({}, ("frontend",)) as started:
        yield started


def test_the_logs_tell_the_life_of_a_comment_from_its_request_to_the_read_model(system: System) -> None:
    post = system.post("hi")
    comment = system.comment(post, "hello")
    system.eventually(lambda: system.statuses(post), {comment["id"]: "approved"})

    def told() -> list[tuple[str, str]]:
        said = system.manage("logs", "--chain", comment["id"]).splitlines()
        return [(line.split("|")[0].strip(), re.sub(r"^\S+ \[\w+ *\] ", "", line.split("| ")[1])) for line in said]

    life = [
        ("comments", f"POST /posts/{post['id']}/comments 201"),
        ("comments", "published", "CommentCreated", comment["id"]),
        ("eventbus", "stored"),
        ("eventbus", "delivered", "subscription=moderation"),
        ("moderation", "applied", "CommentCreated"),
        ("moderation", "published", "CommentModerated"),
        ("comments", "applied", "CommentModerated"),
        ("query", "applied", "CommentUpdated"),
        ("eventbus", "delivered", "subscription=query"),
    ]

    def missing() -> list[tuple[str, ...]]:
        lines = told()
        return [
            (service, *words)
            for service, *words in life
            if not any(name == service and all(word in line for word in words) for name, line in lines)
        ]

    system.eventually(missing, [])
    assert len({found for _, line in told() for found in re.findall(r"correlationid=(\S+)", line)}) == 1
