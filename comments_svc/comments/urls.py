from django.urls import path

from comments.views import CommentsView
from svc_chassis.urls import doors, handler400, handler404, handler500

urlpatterns = [
    path("posts/<id:post_id>/comments", CommentsView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
