from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_version_floor")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="tombstone",
            field=models.BooleanField(
                db_default=False, default=False, help_text="The newest event of a removed subject."
            ),
        ),
        migrations.AddIndex(model_name="outboxevent", index=models.Index("subject", name="outbox_subject")),
    ]
