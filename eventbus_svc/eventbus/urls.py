from django.urls import path, re_path
from prometheus_client import REGISTRY

from eventbus.api.audit import BusAuditView
from eventbus.api.contracts import ContractsView
from eventbus.api.dead_letters import (
    AllDeadLettersView,
    DeadLetterGroupsView,
    DeadLettersView,
    DeadLetterView,
    GroupView,
)
from eventbus.api.events import SeenEventsView, SeenEventView
from eventbus.api.faults import FaultsView
from eventbus.api.publish import EventsView
from eventbus.api.replay import ReplayView
from eventbus.api.samples import SamplesView
from eventbus.api.stream import BusStreamView
from eventbus.api.subscriptions import HeartbeatView, PauseView, ResumeView, SubscriptionsView, SubscriptionView
from eventbus.inspection.gauges import SubscriptionGauges
from svc_chassis.urls import handler400, handler404, handler500, operations

REGISTRY.register(SubscriptionGauges())

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
    path("bus/dead-letters/groups", DeadLetterGroupsView.as_view()),
    re_path(r"^bus/dead-letters/groups/(?P<action>retry|discard)$", GroupView.as_view()),
    path("bus/samples", SamplesView.as_view()),
    path("bus/audit", BusAuditView.as_view()),
    path("bus/contracts", ContractsView.as_view()),
    path("bus/faults", FaultsView.as_view()),
    re_path(r"^bus/dead-letters/(?P<letter_id>[0-9]{1,18})/(?P<action>retry|discard)$", DeadLetterView.as_view()),
    *operations,
]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
