from django.urls import path

from query.feeds import FeedView, RobotsView, SitemapView
from query.thread import ThreadCommentView, ThreadView
from query.views import PostsStreamView, PostsView, PostView
from svc_chassis.inbox.urls import doors
from svc_chassis.urls import handler400, handler404, handler500

urlpatterns = [
    path("posts", PostsView.as_view()),
    path("posts/stream", PostsStreamView.as_view()),
    path("posts/<id:post_id>", PostView.as_view()),
    path("posts/<id:post_id>/thread", ThreadView.as_view()),
    path("posts/<id:post_id>/thread/<id:comment_id>", ThreadCommentView.as_view()),
    path("feed.atom", FeedView.as_view()),
    path("sitemap.xml", SitemapView.as_view()),
    path("robots.txt", RobotsView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
