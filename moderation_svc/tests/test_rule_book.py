# ruff: noqa: RUF001 (look-alike characters are what is tested)
"""Moderators add banned words and allowed sites to the words of the environment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from contracts import CommentCreated, CommentUpdated
from moderation import rule_book
from moderation.models import Rule
from moderation.rule_book import MOST
from moderation.rules import judge
from svc_chassis.testing.conformance import is_problem
from svc_chassis.testing.plugin import Deliver, Json, Published, Statements

pytestmark = pytest.mark.django_db(transaction=True)

RULES, PREVIEW = "/moderation/rules", "/moderation/rules/preview"
BANNED, ALLOWED = "banned word", "allowed site"
Write = Callable[..., CommentCreated]


@pytest.fixture
def desk(client: Client, settings: Any) -> Any:
    """`desk("GET", path, …)` as ann."""
    settings.MODERATOR_TOKEN = "ann=token-a,ben=token-b"

    def _desk(method: str, path: str = RULES, token: str = "token-a", **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        if method == "GET":
            return client.get(path, body, headers=headers)
        return getattr(client, method.lower())(path, body, content_type="application/json", headers=headers)

    return _desk


def said(published: Published) -> list[tuple[str, str, str | None]]:
    return [(event["subject"], event["data"]["status"], event["data"]["reason"]) for event in published()]


def test_the_words_of_the_environment_hold_and_those_that_moderators_add_hold_too(
    desk: Any, deliver: Deliver, comment: Write, published: Published
) -> None:
    assert desk("GET").json() == {"environment": ["orange"], "added": []}

    added = desk("POST", kind=BANNED, text=" Pear ")
    assert added.status_code == 201
    rule = added.json()
    assert rule == {"id": rule["id"], "kind": BANNED, "text": "Pear", "addedBy": "ann", "addedAt": rule["addedAt"]}
    assert desk("GET").json() == {"environment": ["orange"], "added": [rule]}

    deliver(comment("c1", "two PEARS"), comment("c2", "an orange"), comment("c3", "hi"))
    assert said(published) == [
        ("c1", "rejected", "It contains the banned word “Pear”."),
        ("c2", "rejected", "It contains the banned word “orange”."),
        ("c3", "approved", None),
    ]


def test_a_comment_that_is_judged_keeps_its_verdict_and_an_edit_of_it_meets_the_rules_of_now(
    desk: Any, deliver: Deliver, comment: Write, published: Published
) -> None:
    written = comment("c1", "a pear")
    deliver(written)
    desk("POST", kind=BANNED, text="pear")
    deliver(written, comment("c1", "a pear", version=None))
    assert said(published) == [("c1", "approved", None)]

    edited = {"content": "a pear!", "version": 2, "moderation_version": 1}
    deliver(CommentUpdated.model_validate(written.model_dump() | edited))
    assert said(published)[-1][1] == "rejected"


def test_a_link_to_an_allowed_site_is_not_held_and_once_the_rule_is_removed_it_is(
    desk: Any, deliver: Deliver, comment: Write, published: Published
) -> None:
    rule = desk("POST", kind=ALLOWED, text="WWW.Example.org").json()
    assert rule["text"] == "example.org"
    deliver(comment("c1", "see https://example.org/x"), comment("c2", "see https://evil.example.org/x"))
    assert said(published) == [("c1", "approved", None)]

    assert desk("DELETE", f"{RULES}/{rule['id']}").status_code == 204
    deliver(comment("c3", "see https://example.org/x"))
    assert [each["id"] for each in desk("GET", "/moderation/comments", status="pending").json()] == ["c3", "c2"]


def test_each_change_stands_in_the_audit_trail_and_a_refused_one_does_not(desk: Any) -> None:
    rule = desk("POST", kind=BANNED, text="pear").json()
    desk("DELETE", f"{RULES}/{rule['id']}?reason=Harmless.", "token-b")
    is_problem(desk("DELETE", f"{RULES}/{rule['id']}"), 404)
    is_problem(desk("POST", kind=BANNED, text="orange"), 400, ["text"])

    trail: list[Json] = desk("GET", "/moderation/audit").json()
    assert [(each["actor"], each["action"], each["reason"], each["detail"]) for each in trail] == [
        ("ben", "remove rule", "Harmless.", {"kind": BANNED, "text": "pear"}),
        ("ann", "add rule", None, {"kind": BANNED, "text": "pear"}),
    ]


def test_a_preview_says_what_a_rule_would_have_changed_and_changes_nothing(
    desk: Any, deliver: Deliver, comment: Write, published: Published
) -> None:
    deliver(*(comment(f"c{number}", f"pear {number}") for number in range(7)), comment("c7", "pear and orange"))
    deliver(comment("c8", "see www.example.org"), comment("c9", "gone: a pear"))
    desk("DELETE", "/moderation/comments/c9")
    before = published()

    word = desk("GET", PREVIEW, kind=BANNED, text="PEAR").json()
    assert (word["examined"], word["caught"]) == (9, 7)
    assert [each["id"] for each in word["examples"]] == ["c6", "c5", "c4", "c3", "c2"]
    assert word["examples"][0] == desk("GET", "/moderation/comments/c6").json()
    site = desk("GET", PREVIEW, kind=ALLOWED, text="example.org").json()
    assert (site["caught"], [each["id"] for each in site["examples"]]) == (1, ["c8"])
    assert desk("GET", PREVIEW, kind=BANNED, text="plum").json() == {"examined": 9, "caught": 0, "examples": []}

    assert desk("GET").json()["added"] == []
    assert published() == before


def test_a_preview_judges_only_comments_that_have_the_word_or_the_site(
    desk: Any, deliver: Deliver, comment: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(comment("c1", "a peár"), comment("c2", "hi", author="PEAR"), comment("c3", "see www.Example.ORG"))
    deliver(*(comment(f"other{number}", "see example.com") for number in range(3)))
    judged = []
    monkeypatch.setattr(rule_book, "judge", lambda content, *rest: judged.append(content) or judge(content, *rest))

    word = desk("GET", PREVIEW, kind=BANNED, text="pear").json()
    assert (word["examined"], word["caught"], set(judged)) == (6, 2, {"a peár", "hi"})
    judged.clear()
    site = desk("GET", PREVIEW, kind=ALLOWED, text="example.org").json()
    assert (site["examined"], site["caught"], set(judged)) == (6, 1, {"see www.Example.ORG"})


def test_a_rule_of_a_kind_that_a_later_release_added_stops_no_comment(
    desk: Any, deliver: Deliver, comment: Write, published: Published
) -> None:
    Rule.objects.create(kind="trusted author", text="Ada", normal="ada", added_by="ann")
    desk("POST", kind=BANNED, text="pear")
    assert [each["status"] for each in deliver(comment("c1", "a pear"), comment("c2"))] == ["applied", "applied"]
    assert [status for _, status, _ in said(published)] == ["rejected", "approved"]


def test_the_rules_are_read_once_for_a_delivery(deliver: Deliver, comment: Write, statements: Statements) -> None:
    comments = [comment(f"c{number}") for number in range(5)]
    edits = [CommentUpdated.model_validate(each.model_dump() | {"content": "a", "version": 2}) for each in comments]
    assert statements(lambda: deliver(*comments, *edits)).count("SELECT moderation_rule") == 1


@pytest.mark.parametrize(
    ("rule", "field", "detail"),
    [
        ({}, "text", "This field is required."),
        ({"text": ""}, "text", "This field may not be blank."),
        ({"text": "\u200b"}, "text", "This field may not be blank."),
        ({"text": "\u0301"}, "text", "This field may not be blank."),
        ({"text": "a\nb"}, "text", "This field is one line: remove the line breaks."),
        ({"text": "x" * 101}, "text", "Ensure this field has no more than 100 characters."),
        ({"text": "ﷺ" * 20}, "text", "It has more than 100 characters as the rules read it."),
        ({"text": "ORANGE"}, "text", "“ORANGE” is banned already, by MODERATION_BANNED_WORDS."),
        ({"text": "ｐéar"}, "text", "“Pear” is banned already, by ann."),
        ({"text": "x", "kind": "word"}, "kind", '"word" is not a valid choice.'),
        *(
            ({"text": text, "kind": ALLOWED}, "text", "Write the name of a site and nothing else, such as example.org.")
            for text in (
                "https://example.org",
                "example",
                "example.org/x",
                "*.org",
                "a..b",
                "bücher.de",
                "-a.de",
                "1.2.3.4",
            )
        ),
    ],
)
def test_a_rule_that_is_none_is_refused_with_the_reason(desk: Any, rule: Json, field: str, detail: str) -> None:
    desk("POST", kind=BANNED, text="Pear")
    asked = {"kind": BANNED} | rule
    for response in (desk("POST", **asked), desk("GET", PREVIEW, **asked)):
        is_problem(response, 400, [field])
        assert response.json()["errors"] == [{"field": field, "detail": detail}]
    assert [each["text"] for each in desk("GET").json()["added"]] == ["Pear"]


def test_there_are_not_more_rules_than_one_can_oversee(desk: Any) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO moderation_rule (id, kind, text, normal, added_by, added_at) "
            "VALUES (%s, 'banned word', %s, %s, 'ann', '2026-01-01 00:00:00+00')",
            [(f"r{number}", f"w{number}", f"w{number}") for number in range(MOST)],
        )
    refused = desk("POST", kind=BANNED, text="one more")
    is_problem(refused, 400, ["text"])
    assert desk("POST", kind=ALLOWED, text="example.org").status_code == 201


def test_of_two_who_add_the_same_word_at_once_one_learns_that_it_is_there(desk: Any) -> None:
    def add(token: str) -> int:
        try:
            status: int = desk("POST", token=token, kind=BANNED, text="pear").status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, ["token-a", "token-b"])) == [201, 400]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", RULES), ("POST", RULES), ("DELETE", f"{RULES}/r1"), ("GET", PREVIEW)]
)
def test_only_moderators_see_and_change_rules(client: Client, settings: Any, method: str, path: str) -> None:
    send = getattr(client, method.lower())
    is_problem(send(path), 401)
    is_problem(send(path, headers={"Authorization": f"Bearer {settings.OPERATOR_TOKEN}"}), 403)


@pytest.mark.parametrize(
    "content",
    [
        "https://example.org",
        "HTTP://WWW.EXAMPLE.ORG:8080/a?b=c#d",
        "see example.org.",
        "(www.example.org/a-b_c)",
        "[text](https://example.org/x)",
        "two: example.org/x and https://example.org/y!",
    ],
)
def test_a_link_that_plainly_leads_to_an_allowed_site_is_none(content: str) -> None:
    assert judge(content, "", [], ["example.org"]).status == "approved"


@pytest.mark.parametrize(
    "content",
    [
        *("https://evil.example", "https://example.org.evil.com", "https://evil-example.org", "evilexample.org"),
        *("https://example.org@evil.com/", "https://example.org:x@evil.com", "https://example.org\\@evil.com"),
        *("https://evil.com/https://example.org", "https://evil.com?example.org", "a@example.org", "x@example.org/"),
        *("[https://example.org/](http://evil.com)", "[https://example.org](https://evil.com)"),
        *(
            "https://example.org/**http://evil.com",
            "https://example.org/,www.evil.com",
            "https://example.org//evil.com",
        ),
        *("https://exámple.org/", "https://exa\u200bmple.org.evil.com", "evil\u00adexample.org", "éexample.org"),
        *("https://example.org&#46;evil.com", "https://example。org", "//example.org/x", "ftp://example.org/"),
        *(
            "https://example.orgです.com",
            "https://example.org\u200b.evil.com",
            "sub.example.org/x",
            "https://example.org.evil.com",
        ),
    ],
)
def test_a_link_that_may_lead_elsewhere_is_held(content: str) -> None:
    assert judge(content, "", [], ["example.org"]).status == "pending"


@pytest.mark.parametrize("site", ["example.org"])
def test_an_allowed_site_in_a_name_is_no_link_either(site: str) -> None:
    assert judge("hi", "example.org", [], [site]).status == "approved"
    assert judge("hi", "example.org", [], []).status == "pending"
