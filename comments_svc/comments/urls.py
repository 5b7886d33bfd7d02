from django.urls import path

from comments.views import CommentsView, CommentView
from svc_chassis.inbox.urls import doors
from svc_chassis.urls import handler400, handler404, handler500

urlpatterns = [
    path("posts/<id:post_id>/comments", CommentsView.as_view()),
    path("posts/<id:post_id>/comments/<id:comment_id>", CommentView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
