"""Handlers register when the service starts: every app's `handlers` module is imported."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from svc_chassis import ownership


class EventsConfig(AppConfig):
    name = "svc_chassis.events"

    def ready(self) -> None:
        ownership.guard()
        autodiscover_modules("handlers")
