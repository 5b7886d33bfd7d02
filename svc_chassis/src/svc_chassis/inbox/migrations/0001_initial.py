import uuid

from django.db import migrations, models

from svc_chassis.database.migrations import AdoptModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        AdoptModel(
            name="InboxEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("source", models.CharField(max_length=255)),
                ("event_id", models.CharField(max_length=255)),
                ("type", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                (
                    "version",
                    models.BigIntegerField(help_text="Of the subject, as its publisher counts.", null=True),
                ),
                ("applied_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("source"), models.F("subject"), models.F("version"), name="inbox_version")
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("source"), models.F("event_id"), name="inbox_applied_once")
                ],
            },
        ),
        AdoptModel(
            name="Inbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("inbox_id", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
    ]
