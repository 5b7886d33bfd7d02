from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_version_floor")]

    operations = [
        migrations.AddIndex(model_name="outboxevent", index=models.Index("subject", name="outbox_subject")),
    ]
