"""Standard Webhooks signatures on everything between services and bus.

The sender's name is the first part of `webhook-id`, which the signature covers: `posts.5f0c…`. So the receiver knows
whose key to use, and a delivery signed by the bus can't be played back to it as that service's publish.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError


class BadSignature(Exception):
    """The signature is missing, malformed, too old, or made with another key."""


def signed(body: bytes, sender: str, keys: list[str]) -> dict[str, str]:
    """The headers that sign `body`; with two keys, during a rotation, both sign."""
    webhook_id, moment = f"{sender}.{uuid.uuid4()}", datetime.now(UTC)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(webhook_id, moment, body.decode()) for key in keys),
    }


def claimed_sender(headers: Mapping[str, str]) -> str:
    """Who says it signed; true only once verified. Empty: nobody."""
    return headers.get("webhook-id", "").partition(".")[0] if "webhook-signature" in headers else ""


def verify(body: bytes, headers: Mapping[str, str], keys: list[str]) -> None:
    """Raises BadSignature unless one of `keys` signed `body` within the last five minutes (Standard Webhooks)."""
    why = "no key is known for the sender"
    for key in keys:
        try:
            Webhook(key).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            why = str(error)
        else:
            return
    raise BadSignature(f"The signature does not hold: {why}.")
