from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "svc_chassis.leases"
