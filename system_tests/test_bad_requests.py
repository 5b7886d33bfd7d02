"""Bad input at the public doors: a 4xx problem that names the field, nothing stored, nobody harmed."""

import pytest

from system_tests.harness.problems import Ask, Cases, at, check, problem
from system_tests.harness.system import System

pytestmark = pytest.mark.usefixtures("unharmed")

UNKNOWN = "6f2c1c1e-5d0f-4c53-9a0c-8f1f2f9f1d11"


def test_a_comment_on_no_post_is_refused(system: System) -> None:
    check(
        system,
        "comments",
        {
            path: (Ask(method, path, '{"content": "a"}'), problem(404, f"Not found: {path}"))
            for path in (
                "/posts/a:b/comments",
                "/posts/a;b/comments",
                f"/posts/{'x' * 256}/comments",
                "/posts//comments",
            )
            for method in ("GET", "POST")
        },
    )


@pytest.mark.parametrize(
    ("service", "path"), [("posts", "/posts"), ("comments", f"/posts/{UNKNOWN}/comments"), ("query", "/posts")]
)
def test_a_page_that_cannot_be_is_refused(system: System, service: str, path: str) -> None:
    limits = ("0", "101", "-1", "1.5", "ten", "", "1" * 100)
    cases: Cases = {
        limit: (Ask("GET", f"{path}?limit={limit}"), at(limit="Must be a whole number from 1 to 100."))
        for limit in limits
    }
    for before in (UNKNOWN, "nonsense", "%00"):
        cases[before] = Ask("GET", f"{path}?before={before}"), at(before="No such id here.")
    check(system, service, cases)


def test_a_post_that_is_not_there_is_404(system: System) -> None:
    unknown = {UNKNOWN: f"There is no post {UNKNOWN} here.", "nonsense": "There is no post nonsense here."}
    check(system, "query", {key: (Ask("GET", f"/posts/{key}"), problem(404, why)) for key, why in unknown.items()})
    mine = {UNKNOWN: "No Post matches the given query.", "nonsense": "No Post matches the given query."}
    check(system, "posts", {key: (Ask("GET", f"/posts/{key}"), problem(404, why)) for key, why in mine.items()})


@pytest.mark.parametrize(
    ("service", "path", "methods"),
    [
        ("posts", "/posts", "PUT PATCH DELETE TRACE BREW"),
        ("posts", "/posts/create", "GET PUT PATCH DELETE"),
        ("posts", f"/posts/{UNKNOWN}", "POST PUT PATCH DELETE"),
        ("comments", f"/posts/{UNKNOWN}/comments", "PUT PATCH DELETE"),
        ("query", "/posts", "POST PUT PATCH DELETE"),
        ("query", f"/posts/{UNKNOWN}", "POST PUT PATCH DELETE"),
        *((name, "/readyz", "POST DELETE") for name in ("posts", "comments", "moderation", "query", "eventbus")),
        *((name, "/metrics", "POST DELETE") for name in ("posts", "comments", "moderation", "query", "eventbus")),
    ],
)
def test_a_wrong_method_is_405(system: System, service: str, path: str, methods: str) -> None:
    check(
        system,
        service,
        {each: (Ask(each, path, "{}"), problem(405, f'Method "{each}" not allowed.')) for each in methods.split()},
    )


def test_the_moderators_doors_want_the_moderators_token_and_a_sound_decision(system: System) -> None:
    json_type = {"Content-Type": "application/json"}
    moderator, operator = system.bearer("moderator") | json_type, system.bearer("operator")
    queue, decision = "/moderation/comments", f"/moderation/comments/{UNKNOWN}/decision"
    cases: Cases = {
        "no token": (
            Ask("GET", queue),
            problem(401, "This needs the moderator's token: Authorization: Bearer …"),
        ),
        "a wrong token": (
            Ask("GET", queue, headers={"Authorization": "Bearer wrong"}),
            problem(401, "Invalid token."),
        ),
        "the operator's token": (
            Ask("GET", queue, headers=operator),
            problem(403, "This needs the moderator's token, and yours is the operator's."),
        ),
        "an unknown status": (
            Ask("GET", f"{queue}?status=lost", headers=moderator),
            at(status='"lost" is not a valid choice.'),
        ),
        "an unknown comment": (
            Ask("POST", decision, '{"status": "approved"}', moderator),
            problem(404, f"There is no comment {UNKNOWN} here."),
        ),
        "no decision": (Ask("POST", decision, "{}", moderator), at(status="This field is required.")),
        "no word": (
            Ask("POST", decision, '{"status": "pending"}', moderator),
            at(status='"pending" is not a valid choice.'),
        ),
        "a number for a reason": (
            Ask("POST", decision, '{"status": "approved", "reason": 7}', moderator),
            at(reason="Not a valid string."),
        ),
    }
    check(system, "moderation", cases)
