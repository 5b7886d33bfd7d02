# ruff: noqa: RUF001 (look-alike characters are what is tested)
"""Moderators find comments: by text, author, post and rule, in both orders, on pages and in counts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils.module_loading import import_string

from contracts import CommentCreated, CommentUpdated
from moderation import searching
from moderation.models import JudgedComment
from moderation.reading import searchable
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Statements
from svc_chassis.testing.stored import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE, COUNTS = "/moderation/comments", "/moderation/counts"
Headers = dict[str, str]


@pytest.fixture
def found(client: Client, moderator: Headers, deliver: Deliver, comment: Callable[..., CommentCreated]) -> Any:
    """The ids that a selection finds, among five comments."""
    deliver(
        comment("c1", "Der Straßenbahn-Fahrplan", author="Åsa", post_id="p1"),
        comment("c2", "see www.example.com", author="Ines", post_id="p1"),
        comment("c3", "an orange", author="ines", post_id="p2"),
        comment("c4", "100% of\nit_all", author="", post_id="p1"),
        comment("c5", "привет, МИР", author="Ínés", post_id="p1"),
    )

    def _found(**query: Any) -> list[str]:
        response = client.get(QUEUE, query, headers=moderator)
        assert response.status_code == 200, response.content
        return [each["id"] for each in response.json()]

    return _found


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("STRASSENBAHN", ["c1"]),
        ("straße", ["c1"]),
        ("asa", ["c1"]),
        ("мир", ["c5"]),
        ("INES", ["c5", "c3", "c2"]),
        ("ｏｒａｎｇｅ", ["c3"]),
        ("o\u200brange", ["c3"]),
        ("0%", ["c4"]),
        ("%", ["c4"]),
        ("t_a", ["c4"]),
        ("t-a", []),
        ("it ines", []),
        ("\\", []),
        ("'; DROP TABLE", []),
    ],
)
def test_a_search_finds_texts_and_names_in_any_case_and_spelling(found: Any, q: str, ids: list[str]) -> None:
    assert found(q=q) == ids


def test_an_author_is_found_in_any_spelling_a_post_by_its_id_and_a_rule_by_its_name(found: Any) -> None:
    assert found(author="INES") == ["c5", "c3", "c2"]
    assert found(author="Ine") == []
    assert found(post="p2") == ["c3"]
    assert found(rule="link") == ["c2"]
    assert found(rule="banned word") == ["c3"]
    assert found(author="Ines", post="p1", status="approved", q="мир") == ["c5"]


def test_a_name_of_any_length_is_found(found: Any, deliver: Deliver, comment: Callable[..., CommentCreated]) -> None:
    deliver(comment("c6", "hi", author="ﷺ" * 5_000))
    assert found(author="ﷺ" * 100) == ["c6"]


def test_the_oldest_come_first_on_pages_that_go_on_while_comments_are_decided(
    client: Client, moderator: Headers, found: Any
) -> None:
    first = client.get(QUEUE, {"order": "oldest", "post": "p1", "limit": 2}, headers=moderator)
    assert [each["id"] for each in first.json()] == ["c1", "c2"]
    assert first["Link"] == f'<{QUEUE}?order=oldest&post=p1&limit=2&before=c2>; rel="next"'

    client.post(f"{QUEUE}/c2/decision", {"status": "approved"}, content_type="application/json", headers=moderator)
    second = client.get(first["Link"].partition(">")[0].lstrip("<"), headers=moderator)
    assert [each["id"] for each in second.json()] == ["c4", "c5"]
    assert "Link" not in second


def test_the_thread_around_a_comment_is_what_came_before_it_and_after_it(found: Any) -> None:
    assert found(post="p1", before="c4", limit=3) == ["c2", "c1"]
    assert found(post="p1", before="c4", limit=3, order="oldest") == ["c5"]


def test_the_counts_are_those_of_the_selection(client: Client, moderator: Headers, found: Any) -> None:
    counts = client.get(COUNTS, {"author": "ines", "post": "p1"}, headers=moderator)
    assert counts.json() == {"pending": 1, "approved": 1, "rejected": 0}
    is_problem(client.get(COUNTS, {"rule": "all"}, headers=moderator), 400, ["rule"])


def test_one_comment_is_shown_with_its_verdict(client: Client, moderator: Headers, found: Any) -> None:
    [row] = client.get(QUEUE, {"post": "p2"}, headers=moderator).json()
    assert client.get(f"{QUEUE}/c3", headers=moderator).json() == row
    is_problem(client.get(f"{QUEUE}/c9", headers=moderator), 404)
    is_problem(client.get(f"{QUEUE}/c3"), 401)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", "random"),
        ("order", ""),
        ("q", ""),
        ("q", " "),
        ("q", "\u200b"),
        ("q", "\u0301"),
        ("q", "a\nb"),
        ("q", "x" * 201),
        ("author", ""),
        ("author", "x" * 101),
        ("post", ""),
        ("post", "a b"),
        ("post", "\0"),
        ("post", "x" * 256),
        ("rule", "spam"),
        ("rule", ""),
    ],
)
def test_a_filter_that_is_none_is_named(client: Client, moderator: Headers, name: str, value: str) -> None:
    is_problem(client.get(QUEUE, {name: value}, headers=moderator), 400, [name])


def test_an_edited_comment_is_found_by_its_new_text_alone_and_a_removed_one_by_none(
    client: Client, moderator: Headers, found: Any, deliver: Deliver, comment: Callable[..., CommentCreated]
) -> None:
    new = {"content": "a Pear", "version": 2}
    deliver(CommentUpdated.model_validate(comment("c3", "an orange", author="ines", post_id="p2").model_dump() | new))
    assert found(q="pear") == ["c3"]
    assert found(q="orange") == []

    client.delete(f"{QUEUE}/c3", headers=moderator)
    assert found(q="pear") == []
    assert "pear" not in everything_stored().casefold()


@pytest.fixture
def update(found: Any, settings: Any) -> Callable[..., None]:
    """A former release writes a comment that waits, and this one looks for what that wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO moderation_judgedcomment (id, post_id, content, author, created_at, status, version) "
            "VALUES ('old', 'p1', 'A QUINCE', 'Zoë', '2026-01-01 00:00:00+00', 'pending', 0)"
        )
    loop = import_string(settings.BACKGROUND_LOOPS)()["reading"]

    def _update(look: bool = True, **changed: Any) -> None:
        if changed:
            JudgedComment.objects.filter(id="old").update(version=F("version") + 1, **changed)
        if look:
            assert loop.step() > 0

    return _update


def test_what_the_former_release_writes_edits_and_removes_during_an_update_is_searched_and_forgotten(
    found: Any, update: Callable[..., None]
) -> None:
    update()
    assert found(q="quince") == found(author="zoe") == ["old"]

    update(content="a MEDLAR", author="Yan")
    assert found(q="medlar") == found(author="yan") == ["old"]
    assert found(q="quince") == found(author="zoe") == []
    assert "quince" not in everything_stored()

    update(content="", author="", removed=True)
    assert found(q="medlar") == []
    assert "medlar" not in everything_stored()


def test_who_decides_on_what_the_former_release_edited_makes_it_found_too(
    client: Client, moderator: Headers, found: Any, update: Callable[..., None]
) -> None:
    update()
    update(look=False, content="a MEDLAR")
    decision = {"status": "approved"}
    client.post(f"{QUEUE}/old/decision", decision, content_type="application/json", headers=moderator)
    assert found(q="medlar") == ["old"]
    assert found(q="quince") == []


def test_to_look_writes_nothing_and_to_decide_reads_no_text_again(
    client: Client,
    moderator: Headers,
    found: Any,
    update: Callable[..., None],
    statements: Statements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {each.split()[0] for each in statements(lambda: found(q="quince"))} == {"SELECT"}

    monkeypatch.setattr("moderation.models.searchable", None)
    decision = {"status": "rejected"}
    answer = client.post(f"{QUEUE}/c1/decision", decision, content_type="application/json", headers=moderator)
    assert answer.status_code == 200
    assert found(q="straße", status="rejected") == ["c1"]


def test_the_queue_says_what_it_always_said(client: Client, moderator: Headers, found: Any) -> None:
    rows: list[Json] = client.get(QUEUE, headers=moderator).json()
    assert [each["id"] for each in rows] == ["c5", "c4", "c3", "c2", "c1"]
    assert set(rows[0]) == {
        *("id", "postId", "content", "author", "createdAt", "status", "reason", "rule", "finding", "moderator"),
        *("decidedAt", "version"),
    }


def test_a_comment_that_is_edited_while_it_is_read_is_found_by_its_last_text(
    deliver: Deliver, comment: Callable[..., CommentCreated], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(comment("c1", "before"))
    JudgedComment.objects.update(searched_version=None)

    def read(content: str, author: str) -> tuple[str, str]:
        edited = JudgedComment.objects.get(id="c1")
        edited.content, edited.version = "after", edited.version + 1
        edited.save()
        return searchable(content, author)

    monkeypatch.setattr(searching, "searchable", read)
    searching.make_searchable(JudgedComment.objects.all())

    assert "after" in str(JudgedComment.objects.get(id="c1").search)
