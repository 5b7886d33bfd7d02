from django.urls import path, re_path

from eventbus.views.events import EventsView
from eventbus.views.subscriptions import HeartbeatView, SubscriptionsView, SubscriptionView
from svc_chassis.urls import handler400, handler404, handler500, operations

NAME = r"(?P<name>[a-z][a-z0-9_-]{0,63})"

urlpatterns = [
    path("events", EventsView.as_view()),
    re_path(rf"^subscriptions/{NAME}$", HeartbeatView.as_view()),
    path("bus/subscriptions", SubscriptionsView.as_view()),
    re_path(rf"^bus/subscriptions/{NAME}$", SubscriptionView.as_view()),
    *operations,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
