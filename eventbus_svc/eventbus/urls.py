from django.urls import path, re_path

from eventbus.views.dead_letters import AllDeadLettersView, DeadLettersView, DeadLetterView
from eventbus.views.events import EventsView
from eventbus.views.operating import (
    PauseView,
    ReplayView,
    ResumeView,
    SeenEventsView,
    SeenEventView,
)
from eventbus.views.subscriptions import HeartbeatView, SubscriptionsView, SubscriptionView
from eventbus.views.watching import BusStreamView, ContractsView, FaultsView
from svc_chassis.urls import handler400, handler404, handler500, operations

NAME = r"(?P<name>[a-z][a-z0-9_-]{0,63})"

urlpatterns = [
    path("events", EventsView.as_view()),
    re_path(rf"^subscriptions/{NAME}$", HeartbeatView.as_view()),
    path("bus/subscriptions", SubscriptionsView.as_view()),
    re_path(rf"^bus/subscriptions/{NAME}$", SubscriptionView.as_view()),
    re_path(rf"^bus/subscriptions/{NAME}/pause$", PauseView.as_view()),
    re_path(rf"^bus/subscriptions/{NAME}/resume$", ResumeView.as_view()),
    re_path(rf"^bus/subscriptions/{NAME}/replay$", ReplayView.as_view()),
    path("bus/stream", BusStreamView.as_view()),
    path("bus/events", SeenEventsView.as_view()),
    path("bus/events/<path:event_id>", SeenEventView.as_view()),
    path("bus/dead-letters", DeadLettersView.as_view()),
    re_path(r"^bus/dead-letters/(?P<action>retry|discard)$", AllDeadLettersView.as_view()),
    path("bus/contracts", ContractsView.as_view()),
    path("bus/faults", FaultsView.as_view()),
    re_path(r"^bus/dead-letters/(?P<letter_id>[0-9]{1,18})/(?P<action>retry|discard)$", DeadLetterView.as_view()),
    *operations,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
