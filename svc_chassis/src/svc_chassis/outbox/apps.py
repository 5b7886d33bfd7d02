from importlib import import_module

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "svc_chassis.outbox"

    def ready(self) -> None:
        import_module("svc_chassis.outbox.observe")
