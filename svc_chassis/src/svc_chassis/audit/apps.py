from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "svc_chassis.audit"
