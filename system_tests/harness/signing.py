"""Signatures as a stranger would make them who holds a service's key: Standard Webhooks."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from standardwebhooks import Webhook

from system_tests.harness.system import System


def signed(
    system: System, sender: str, body: str, *, key_of: str | None = None, age: timedelta = timedelta()
) -> dict[str, str]:
    """Headers with which `sender` signs, `age` ago, with its own key or with that of `key_of`."""
    key = (system.run_dir / "secrets" / f"events-{key_of or sender}").read_text().split()[0]
    webhook_id, moment = f"{sender}.{uuid4()}", datetime.now(UTC) - age
    return {
        "Content-Type": "application/cloudevents-batch+json" if body.startswith("[") else "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(key).sign(webhook_id, moment, body),
    }
