from django.db import migrations, models

from svc_chassis.database.migrations import AdoptModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        AdoptModel(
            name="IdempotencyRecord",
            fields=[
                ("key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(help_text="SHA-256 of the path and the body.", max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0, help_text="HTTP.")),
                ("body", models.BinaryField(default=b"", help_text="The answer's bytes.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(models.F("created_at"), name="idempotency_age")],
            },
        ),
    ]
