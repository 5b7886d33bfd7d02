"""The shared settings, and those of moderation."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from moderation.rules import RULES
from svc_chassis.secrets import named_tokens
from svc_chassis.settings import EVENTS, service_settings

globals().update(
    service_settings(
        "moderation",
        Path(__file__).resolve().parent.parent,
        apps=[*EVENTS, "svc_chassis.audit"],
        roles=["moderator", "operator"],
    )
)
BACKGROUND_LOOPS = "moderation.searching.moderation_loops"
globals()["SPECTACULAR_SETTINGS"]["ENUM_NAME_OVERRIDES"] = {"DecisionStatusEnum": "moderation.serializers.DECISIONS"}

# Words for which a comment is rejected; moderators can add to them on their page.
MODERATION_BANNED_WORDS: list[str] = environ.Env().list("MODERATION_BANNED_WORDS", default=["orange"])
if RULES in dict(named_tokens(globals()["MODERATOR_TOKEN"], "moderator")):
    raise ImproperlyConfigured(f"MODERATOR_TOKEN: no moderator can be called {RULES}, which names the rules.")
