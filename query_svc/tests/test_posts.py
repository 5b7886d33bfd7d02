"""Query through its HTTP door: what it shows of what it heard."""

from typing import Any

import pytest
from django.test import Client

from svc_chassis.testing.conformance.ids import MALFORMED, WELL_FORMED
from svc_chassis.testing.plugin import Deliver, Json, Published
from tests.events import comment, post, shown, update

pytestmark = pytest.mark.django_db(transaction=True)


def posts(client: Client, **query: Any) -> list[Json]:
    found: list[Json] = client.get("/posts", query).json()
    return found


def test_a_post_is_shown_whole(client: Client, deliver: Deliver, published: Published) -> None:
    event = post("p1")
    assert deliver(event) == [{"id": event["id"], "status": "applied"}]

    whole = {
        "id": "p1",
        "title": "hi",
        "body": "there",
        "author": "Ada",
        "createdAt": "2026-01-01T00:00:00Z",
        "commentCount": 0,
        "comments": [],
    }
    assert posts(client) == [whole]
    assert client.get("/posts/p1").json() == whole
    assert published() == []


def test_text_and_name_of_a_comment_are_shown_while_it_is_approved(client: Client, deliver: Deliver) -> None:
    said = []
    for event in (
        [post(), comment(content="secret")],
        [update(content="secret", status="approved")],
        [update(content="secret", status="rejected", reason="Rude.", version=3)],
        [update(content="secret", status="approved", version=4)],
    ):
        deliver(*event)
        said += posts(client)[0]["comments"]

    assert said == [
        shown(),
        shown(content="secret", status="approved"),
        shown(status="rejected", reason="Rude."),
        shown(content="secret", status="approved"),
    ]


def test_a_comment_is_kept_until_its_post_comes(client: Client, deliver: Deliver) -> None:
    deliver(comment("c1"))
    assert posts(client) == []

    deliver(post())
    assert (posts(client)[0]["commentCount"], posts(client)[0]["comments"]) == (1, [shown()])


def test_an_update_may_come_before_its_creation(client: Client, deliver: Deliver) -> None:
    results = [*deliver(update()), *deliver(post(), comment())]

    assert [result["status"] for result in results] == ["applied", "applied", "duplicate"]
    assert posts(client)[0]["comments"] == [shown(content="hello", status="approved")]


def test_a_repeated_or_late_event_changes_nothing(client: Client, deliver: Deliver) -> None:
    events = [post(), comment(), update(version=3, status="rejected")]
    deliver(*events)
    before = posts(client)

    results = [*deliver(*events), *deliver(update(version=2, status="approved"))]

    assert {result["status"] for result in results} == {"duplicate"}
    assert posts(client) == before


def test_services_written_for_the_seed_are_shown_by_the_time_of_their_events(client: Client, deliver: Deliver) -> None:
    """They know neither versions nor times; the bus stamps the envelope. An update keeps the time of the creation."""
    plain: dict[str, Any] = {"created_at": None, "version": None}
    deliver(
        post("abcd", body="", author="", **plain) | {"time": "2026-01-01T00:01:00Z"},
        comment("1f2e", post_id="abcd", author="", **plain) | {"time": "2026-01-01T00:02:00Z"},
        update("1f2e", post_id="abcd", author="", **plain) | {"time": "2026-01-01T00:03:00Z"},
    )

    assert posts(client) == [
        {
            "id": "abcd",
            "title": "hi",
            "body": "",
            "author": "",
            "createdAt": "2026-01-01T00:01:00Z",
            "commentCount": 1,
            "comments": [
                shown("1f2e", content="hello", author="", status="approved", createdAt="2026-01-01T00:02:00Z")
            ],
        }
    ]


def test_a_creation_without_version_that_comes_after_its_update_says_nothing_new(
    client: Client, deliver: Deliver
) -> None:
    deliver(post(), update(minute=2, version=None), comment(minute=1, version=None))

    [said] = posts(client)[0]["comments"]
    assert said == shown(content="hello", status="approved", createdAt="2026-01-01T00:01:00Z")


def test_an_event_that_breaks_its_contract_fails_alone(client: Client, deliver: Deliver) -> None:
    broken = comment("c1")
    broken["data"]["content"] = 7

    results = deliver(post(), broken, update("c1"), comment("c2"))

    assert [result["status"] for result in results] == ["applied", "failed", "blocked", "applied"]
    assert results[1]["error"] == "ValidationError: data.content: Input should be a valid string"
    assert [found["id"] for found in posts(client)[0]["comments"]] == ["c2"]


def test_the_newest_fifty_comments_are_shown_oldest_of_them_first_and_all_are_counted(
    client: Client, deliver: Deliver
) -> None:
    deliver(post(), *(comment(f"c{minute:02}", minute) for minute in range(60)))
    [found] = posts(client)
    assert found["commentCount"] == 60
    assert [each["id"] for each in found["comments"]] == [f"c{minute}" for minute in range(10, 60)]

    deliver(update("c05", 5), comment("old", -1), update("c30", 30))

    [found] = posts(client)
    assert found["commentCount"] == 61
    assert [each["id"] for each in found["comments"]] == [f"c{minute}" for minute in range(10, 60)]
    assert [each["id"] for each in found["comments"] if each["status"] == "approved"] == ["c30"]


def test_posts_are_paged_newest_first_and_ties_by_id(client: Client, deliver: Deliver) -> None:
    deliver(*(post(name, minute) for name, minute in [("b", 1), ("e", 2), ("a", 1), ("d", 0), ("c", 1)]))

    first = client.get("/posts", {"limit": 2})
    second = client.get(first["Link"].partition(">")[0].lstrip("<"))
    third = client.get(second["Link"].partition(">")[0].lstrip("<"))

    assert [[found["id"] for found in page.json()] for page in (first, second, third)] == [
        ["e", "c"],
        ["b", "a"],
        ["d"],
    ]
    assert first["Link"] == '</posts?limit=2&before=c>; rel="next"'
    assert "Link" not in third


def test_a_page_has_twenty_posts_unless_asked_otherwise(client: Client, deliver: Deliver) -> None:
    deliver(*(post(f"p{minute}", minute) for minute in range(101)))

    assert len(posts(client)) == 20
    assert len(posts(client, limit=100)) == 100


@pytest.mark.parametrize("path", ["/posts", "/posts/p1"])
def test_what_did_not_change_is_not_sent_again(client: Client, deliver: Deliver, path: str) -> None:
    deliver(post())
    response = client.get(path)
    etag = response["ETag"]
    assert (etag[0], response["Cache-Control"], response["Content-Type"]) == ('"', "no-cache", "application/json")

    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)

    deliver(comment())
    changed = client.get(path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_a_page_that_gets_a_successor_has_changed(client: Client, deliver: Deliver) -> None:
    deliver(post("p2", 2))
    etag = client.get("/posts", {"limit": 1})["ETag"]
    deliver(post("p1", 1))

    response = client.get("/posts", {"limit": 1}, headers={"if-none-match": etag})

    assert (response.status_code, response["Link"]) == (200, '</posts?limit=1&before=p2>; rel="next"')


@pytest.mark.parametrize("post_id", WELL_FORMED)
def test_a_foreign_post_is_found_by_the_id_that_its_service_gave_it(
    client: Client, deliver: Deliver, post_id: str
) -> None:
    deliver(post(post_id), post("older", -1), comment(post_id=post_id))

    assert client.get(f"/posts/{post_id}").json()["commentCount"] == 1
    assert [found["id"] for found in posts(client, before=post_id)] == ["older"]


@pytest.mark.parametrize("post_id", MALFORMED)
def test_what_no_door_could_name_is_not_shown(client: Client, deliver: Deliver, post_id: str) -> None:
    bad, orphan = post("p1"), comment("c1")
    bad["data"]["id"] = orphan["data"]["postId"] = post_id

    results = deliver(bad | {"subject": "s1"}, orphan)

    assert [result["status"] for result in results] == ["failed", "failed"]
    assert results[0]["error"].startswith("ValidationError: data")
    assert posts(client) == []


def test_times_are_shown_in_utc_whatever_zone_they_came_in(client: Client, deliver: Deliver) -> None:
    event = post()
    event["data"]["createdAt"] = "2026-01-01T02:00:00.5+02:00"
    deliver(event)

    assert posts(client)[0]["createdAt"] == "2026-01-01T00:00:00.500000Z"
