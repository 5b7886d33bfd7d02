from django.db import migrations, models

from svc_chassis.database.migrations import AdoptModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        AdoptModel(
            name="OutboxEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(unique=True)),
                ("type", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                ("body", models.BinaryField(help_text="The event's final bytes.")),
                (
                    "log_id",
                    models.CharField(
                        default="",
                        help_text="Of the log that acknowledged it; empty: none yet.",
                        max_length=64,
                    ),
                ),
                (
                    "refusal",
                    models.TextField(default="", help_text="Why the bus refused it for good; it parks its subject."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("log_id"), models.F("seq"), name="outbox_unsent"),
                    models.Index(
                        models.F("subject"),
                        condition=models.Q(("refusal", ""), _negated=True),
                        name="outbox_parked",
                    ),
                ],
            },
        ),
    ]
