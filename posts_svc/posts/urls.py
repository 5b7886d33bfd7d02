from django.urls import path

from posts.views import PostsView, PostTextView, PostView
from svc_chassis.inbox.urls import doors
from svc_chassis.urls import handler400, handler404, handler500

urlpatterns = [
    path("posts", PostsView.as_view()),
    path("posts/create", PostsView.as_view(http_method_names=["post", "options"])),
    path("posts/<id:post_id>", PostView.as_view()),
    path("posts/<id:post_id>/text", PostTextView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
