"""The URLs that every service has, whatever it does."""

from django.urls import path, register_converter
from drf_spectacular.views import SpectacularJSONAPIView

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

handler400 = "svc_chassis.web.problems.bad_request"
handler404 = "svc_chassis.web.problems.not_found"
handler500 = "svc_chassis.web.problems.server_error"
