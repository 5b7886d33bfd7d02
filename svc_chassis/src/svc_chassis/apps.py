from django.apps import AppConfig

from svc_chassis.database import ownership


class ChassisConfig(AppConfig):
    """The chassis itself: its management commands, and the guard of the database."""

    name = "svc_chassis"

    def ready(self) -> None:
        ownership.guard()
