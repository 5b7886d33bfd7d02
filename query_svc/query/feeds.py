"""The posts for machines: an Atom feed, a sitemap, and robots.txt.

Their addresses are absolute, and begin as the reader's own request did: every front passes `Host` on, which
ALLOWED_HOSTS checks, and one that ends TLS says so. A setting would be wrong wherever nobody thought of it.
"""

import re
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http.response import HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from query.answers import answer
from query.models import Post

NEWEST = 20
"""posts in the feed"""
MOST = 500
"""addresses in the sitemap, of the newest posts: it is kept with the answers that readers wait for"""
XML = '<?xml version="1.0" encoding="utf-8"?>'
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ROBOTS = "User-agent: *\nDisallow: /moderate\nDisallow: /flow\n\nSitemap: {origin}/sitemap.xml\n"


@extend_schema(exclude=True)
class FeedView(APIView):
    def get(self, request: Request) -> HttpResponseBase:
        """The newest posts as an Atom feed. 304 if unchanged."""
        origin = origin_of(request)
        feed = Feed("Blogbus", f"{origin}/", None, "en", author_name="Blogbus", feed_url=f"{origin}/feed.atom")
        for post in Post.objects.filter(removed=False).defer("rendered").order_by("-created_at", "-id")[:NEWEST]:
            feed.add_item(
                _clean(post.title) or "Untitled",
                f"{origin}{path_of(post.id)}",
                _paragraphs(_clean(post.body)),
                unique_id=urn_of(post.id),
                author_name=_clean(post.author) or "Anonymous",
                pubdate=post.created_at,
                updateddate=max(post.created_at, post.edited_at or BEGIN),
            )
        return answer(request, feed.writeString("utf-8").encode(), content_type=feed.content_type)


@extend_schema(exclude=True)
class SitemapView(APIView):
    def get(self, request: Request) -> HttpResponseBase:
        """The front page and the newest posts. 304 if unchanged."""
        origin = origin_of(request)
        posts = Post.objects.filter(removed=False).order_by("-created_at", "-id")
        urls = [f"<url><loc>{escape(origin)}/</loc></url>"]
        for post_id, created, edited in posts.values_list("id", "created_at", "edited_at")[: MOST - 1]:
            changed = max(created, edited or BEGIN).isoformat()
            urls.append(f"<url><loc>{escape(origin + path_of(post_id))}</loc><lastmod>{changed}</lastmod></url>")
        lines = [XML, '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', *urls, "</urlset>", ""]
        body = "\n".join(lines).encode()
        return answer(request, body, content_type="application/xml; charset=utf-8")


@extend_schema(exclude=True)
class RobotsView(APIView):
    def get(self, request: Request) -> HttpResponseBase:
        body = ROBOTS.format(origin=origin_of(request)).encode()
        return answer(request, body, content_type="text/plain; charset=utf-8")


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """An empty feed has not changed since it was asked for last."""
        return max((item["updateddate"] for item in self.items), default=BEGIN)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """The description is the whole text, not a summary."""
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


def origin_of(request: Request) -> str:
    """Such as `https://blog.test`: where the reader asked."""
    forwarded = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return f"{'https' if forwarded == 'https' else request.scheme}://{request.get_host()}"


def path_of(post_id: str) -> str:
    """The path of a post's page."""
    return f"/post/{post_id}"


def urn_of(post_id: str) -> str:
    """The same on whichever host the post is read, and for ids that are no UUID, too."""
    try:
        return UUID(post_id).urn
    except ValueError:
        return uuid5(NAMESPACE_URL, f"blogbus{path_of(post_id)}").urn


def _clean(text: str) -> str:
    """Without what no XML document may hold."""
    return NOT_XML.sub("", text)


def _paragraphs(text: str) -> str:
    """As HTML: a blank line parts paragraphs, and a line stays one."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{'<br>'.join(escape(each).splitlines())}</p>" for each in paragraphs if each)
