"""The settings of REST framework and of what stands around it: how HTTP is spoken here."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.web.cors import cors_settings
from svc_chassis.web.ids import SCHEMA


def http_settings(env: environ.Env, environment: str, name: str) -> dict[str, Any]:
    """Raises ImproperlyConfigured, naming the variable."""
    local = environment == "local"
    # Writes that one client address may make, such as `20/s`; then a 429. Default: no limit.
    throttle = env.str("THROTTLE_WRITES", "")
    if throttle and not re.fullmatch(r"[1-9][0-9]*/[smhd]", throttle):
        raise ImproperlyConfigured(
            f"THROTTLE_WRITES is {throttle!r}: set it to something like 20/s, or leave it empty."
        )
    return {
        "THROTTLE_WRITES": throttle or None,
        # Origins whose pages may call the service, besides those of this machine if `BLOGBUS_ENV` is `local`.
        **cors_settings(env.list("CORS_ALLOWED_ORIGINS", default=[]), local),
        "REST_FRAMEWORK": {
            "DEFAULT_RENDERER_CLASSES": ["svc_chassis.web.json.JSONRenderer"],
            "DEFAULT_CONTENT_NEGOTIATION_CLASS": "svc_chassis.web.json.OneRepresentation",
            "DEFAULT_PARSER_CLASSES": ["svc_chassis.web.json.JSONParser"],
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_PERMISSION_CLASSES": [],
            "DEFAULT_THROTTLE_CLASSES": ["svc_chassis.web.throttling.WriteThrottle"] if throttle else [],
            "EXCEPTION_HANDLER": "svc_chassis.web.problems.exception_handler",
            "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
            "UNAUTHENTICATED_USER": None,
            # Whose word is taken for the client's address: in production the ingress', and nobody else's.
            "NUM_PROXIES": 0 if local else 1,
        },
        "SPECTACULAR_SETTINGS": {
            "TITLE": f"Blogbus {name}",
            "VERSION": "1.0.0",
            "OAS_VERSION": "3.1.0",
            "SERVE_INCLUDE_SCHEMA": False,
            "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
            "COMPONENT_SPLIT_REQUEST": True,
            "PATH_CONVERTER_OVERRIDES": {"id": SCHEMA},
            "POSTPROCESSING_HOOKS": [
                "drf_spectacular.hooks.postprocess_schema_enums",
                "svc_chassis.web.openapi.with_problems",
            ],
        },
    }
