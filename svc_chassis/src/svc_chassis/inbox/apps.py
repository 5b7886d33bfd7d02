from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InboxConfig(AppConfig):
    """Handlers register when the service starts: every app's `handlers` module is imported."""

    name = "svc_chassis.inbox"

    def ready(self) -> None:
        autodiscover_modules("handlers")
