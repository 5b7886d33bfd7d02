"""Moderation has one setting of its own: the banned words."""

from pathlib import Path

import environ

from svc_chassis.settings import service_settings

globals().update(
    service_settings("moderation", Path(__file__).resolve().parent.parent, roles=["moderator", "operator"])
)

MODERATION_BANNED_WORDS: list[str] = environ.Env().list("MODERATION_BANNED_WORDS", default=["orange"])
