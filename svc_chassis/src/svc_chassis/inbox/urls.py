"""The URLs of every service that takes part in events."""

from django.urls import path

from svc_chassis.inbox.door import EventsView
from svc_chassis.urls import operations

doors = [path("events", EventsView.as_view()), *operations]
