from django.db import migrations, models

from svc_chassis.database.migrations import AdoptModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        AdoptModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=255)),
                ("epoch", models.BigIntegerField()),
                ("expires", models.FloatField(help_text="Unix time, seconds.")),
            ],
        ),
    ]
