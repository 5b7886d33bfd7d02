"""Handlers register when the service starts: every app's `handlers` module is imported."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "svc_chassis.events"

    def ready(self) -> None:
        autodiscover_modules("handlers")
