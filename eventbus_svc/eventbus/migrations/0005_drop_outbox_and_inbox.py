from django.db import migrations

from svc_chassis.database.migrations import drop_former


class Migration(migrations.Migration):
    """The bus publishes and handles no events of its own: it needs no outbox and no inbox."""

    dependencies = [("eventbus", "0004_renewals")]

    operations = [drop_former("outboxevent", "inboxevent", "inbox", "idempotencyrecord")]
