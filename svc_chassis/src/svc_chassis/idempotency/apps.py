from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "svc_chassis.idempotency"
