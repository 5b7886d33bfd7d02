from django.urls import path
from orders.stream import StreamView
from orders.views import BrokenView, ModeratorView, OperatorView, OrdersView

from svc_chassis.inbox.urls import doors
from svc_chassis.urls import handler400, handler404, handler500

urlpatterns = [
    path("orders", OrdersView.as_view()),
    path("stream", StreamView.as_view()),
    path("broken", BrokenView.as_view()),
    path("operator", OperatorView.as_view()),
    path("moderator", ModeratorView.as_view()),
    *doors,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
