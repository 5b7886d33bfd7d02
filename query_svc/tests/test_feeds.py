"""The feed, the sitemap and robots.txt, read by a parser that is not ours."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from query import feeds
from svc_chassis.testing.plugin import Deliver
from tests.events import edit, post, removal

pytestmark = pytest.mark.django_db(transaction=True)

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ID = "4f5a1c3e-98b2-4a34-9a3c-0d6f5d1b7a11"
BLOG = {"HTTP_HOST": "127.0.0.1:3000"}


def read_feed(client: Client, **headers: Any) -> ElementTree.Element:
    answer = client.get("/feed.atom", **BLOG | headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def texts(element: ElementTree.Element, *names: str) -> list[str | None]:
    return [element.findtext(f"{ATOM}{name}") for name in names]


def links(element: ElementTree.Element) -> dict[str | None, str | None]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def test_the_feed_has_what_rfc_4287_asks_of_a_feed_and_of_each_entry(client: Client, deliver: Deliver) -> None:
    deliver(post(ID, title="A <b> & c", body="One & two\nthree\n\n<script>", author=""), post("p2", 1))
    feed = read_feed(client)

    assert feed.tag == f"{ATOM}feed"
    assert texts(feed, "id", "title", "updated") == ["http://127.0.0.1:3000/", "Blogbus", "2026-01-01T00:01:00+00:00"]
    assert links(feed) == {"alternate": "http://127.0.0.1:3000/", "self": "http://127.0.0.1:3000/feed.atom"}
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Blogbus"
    second, first = feed.findall(f"{ATOM}entry")
    assert texts(first, "id", "title", "published", "updated", "content") == [
        f"urn:uuid:{ID}",
        "A <b> & c",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00+00:00",
        "<p>One &amp; two<br>three</p><p>&lt;script&gt;</p>",
    ]
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Anonymous"
    assert links(first) == {"alternate": f"http://127.0.0.1:3000/post/{ID}"}
    assert texts(second, "id") == [uuid5(NAMESPACE_URL, "blogbus/post/p2").urn]


def test_it_has_the_newest_20_and_characters_that_xml_has_no_place_for_are_left_out(
    client: Client, deliver: Deliver
) -> None:
    deliver(*(post(f"p{number}", number, title=f"No. {number}\x0b\ufffe") for number in range(25)))
    titles = [texts(entry, "title") for entry in read_feed(client).findall(f"{ATOM}entry")]
    assert titles == [[f"No. {number}"] for number in range(24, 4, -1)]


def test_an_edited_post_has_its_new_text_and_time_and_a_removed_one_is_gone(client: Client, deliver: Deliver) -> None:
    change = edit("p1", title="New", body="words")
    deliver(post("p1"), post("p2", 1), change)
    deliver(removal("p2"))
    [entry] = read_feed(client).findall(f"{ATOM}entry")
    assert texts(entry, "title", "content", "published") == ["New", "<p>words</p>", "2026-01-01T00:00:00+00:00"]
    assert (entry.findtext(f"{ATOM}updated") or "")[:19] == change["time"][:19]
    assert [loc.text for loc in read_map(client).iter(f"{MAP}loc")] == [
        "http://127.0.0.1:3000/",
        "http://127.0.0.1:3000/post/p1",
    ]
    assert (read_map(client).findtext(f"{MAP}url/{MAP}lastmod") or "")[:19] == change["time"][:19]


@pytest.mark.parametrize("path", ["/feed.atom", "/sitemap.xml", "/robots.txt"])
def test_whoever_has_it_already_is_told_so_until_it_changes(client: Client, deliver: Deliver, path: str) -> None:
    answer = client.get(path, **BLOG)
    again = client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"], **BLOG)
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "no-cache")
    deliver(post())
    changed = client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"], **BLOG)
    assert changed.status_code == (304 if path == "/robots.txt" else 200)


def test_addresses_begin_as_the_reader_asked(client: Client) -> None:
    def self_link(**headers: str) -> str | None:
        return links(read_feed(client, **headers))["self"]

    assert self_link(HTTP_HOST="localhost:3000") == "http://localhost:3000/feed.atom"
    assert self_link(HTTP_X_FORWARDED_PROTO="https, http") == "https://127.0.0.1:3000/feed.atom"
    assert self_link(HTTP_X_FORWARDED_PROTO='"><x') == "http://127.0.0.1:3000/feed.atom"
    for host in ("evil.test", "127.0.0.1/x", 'a"b'):
        assert client.get("/feed.atom", HTTP_HOST=host).status_code == 400


def read_map(client: Client) -> ElementTree.Element:
    answer = client.get("/sitemap.xml", **BLOG)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def test_the_sitemap_has_the_front_page_and_each_post_and_never_too_many(
    client: Client, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feeds.MOST == 500
    deliver(*(post(f"p{number}", number) for number in range(3)))
    assert [loc.text for loc in read_map(client).iter(f"{MAP}loc")] == [
        "http://127.0.0.1:3000/",
        *(f"http://127.0.0.1:3000/post/p{number}" for number in (2, 1, 0)),
    ]
    monkeypatch.setattr(feeds, "MOST", 3)
    assert len([*read_map(client).iter(f"{MAP}loc")]) == 3


def test_the_feed_reads_texts_and_not_the_comments_of_a_post(client: Client, deliver: Deliver) -> None:
    deliver(post())
    with CaptureQueriesContext(connection) as seen:
        read_feed(client)
    assert [query["sql"] for query in seen.captured_queries if "rendered" in query["sql"]] == []


def test_robots_are_sent_to_the_sitemap_and_away_from_the_desks(client: Client) -> None:
    answer = client.get("/robots.txt", **BLOG)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /moderate",
        "Disallow: /flow",
        "",
        "Sitemap: http://127.0.0.1:3000/sitemap.xml",
    ]
