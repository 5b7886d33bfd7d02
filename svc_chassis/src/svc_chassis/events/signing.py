"""Standard Webhooks signatures for all requests between services and bus.

The sender's name is the first part of `webhook-id`, which the signature covers: `posts.5f0c…`. So the receiver knows
whose key to use, and a delivery signed by the bus can't be played back to it as that service's publish.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

TIMESTAMP = r"[0-9]{1,11}"
SIGNATURE = r"v1,[A-Za-z0-9+/]{43}="

BUS = "eventbus"
"""the name under which the bus signs"""


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
    """The claimed sender, not verified yet; empty if there is no signature."""
    return headers.get("webhook-id", "").partition(".")[0] if "webhook-signature" in headers else ""


def verify(body: bytes, headers: Mapping[str, str], keys: list[str]) -> None:
    """Raises BadSignature unless one of `keys` signed `body` within the last five minutes (Standard Webhooks)."""
    checked = _well_formed(body, headers)
    if not keys:
        raise BadSignature("Invalid signature: no key is known for the sender.")
    for key in keys:
        try:
            Webhook(key).verify(body, checked, json_parse=False)
        except WebhookVerificationError as error:
            if "timestamp" in str(error):
                raise BadSignature("webhook-timestamp is more than five minutes from this service's clock.") from error
        else:
            return
    raise BadSignature("Invalid signature: it was made with another key, or for another body.")


def _well_formed(body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    """The three headers as the library reads them: it trips over what others may write, and says so in its own words.

    Signatures of other versions, or none at all between two spaces, are left out (Standard Webhooks: ignore them).
    """
    moment = headers.get("webhook-timestamp", "")
    if not re.fullmatch(TIMESTAMP, moment):
        raise BadSignature("webhook-timestamp must be a whole number of seconds since 1970.")
    signatures = [item for item in headers.get("webhook-signature", "").split() if re.fullmatch(SIGNATURE, item)]
    if not signatures:
        raise BadSignature("webhook-signature must contain a signature: v1,… with the base64 of 32 bytes.")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BadSignature("The body is not UTF-8: only text can be signed.") from error
    return {
        "webhook-id": headers.get("webhook-id", ""),
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(signatures),
    }
