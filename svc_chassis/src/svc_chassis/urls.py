"""The doors every service has."""

from django.urls import path, register_converter
from drf_spectacular.views import SpectacularJSONAPIView

from svc_chassis.inbox.door import EventsView
from svc_chassis.observe.health import healthz, readyz
from svc_chassis.observe.metrics import metrics
from svc_chassis.web.ids import IdConverter

register_converter(IdConverter, "id")

operations = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("openapi.json", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])),
]

doors = [path("events", EventsView.as_view()), *operations]

handler400 = "svc_chassis.web.problems.bad_request"
handler404 = "svc_chassis.web.problems.not_found"
handler500 = "svc_chassis.web.problems.server_error"
