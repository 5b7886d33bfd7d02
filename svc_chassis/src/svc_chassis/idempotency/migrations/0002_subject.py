from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="idempotencyrecord",
            name="subject",
            field=models.CharField(db_default="", default="", help_text="The `id` that was answered.", max_length=255),
        ),
        migrations.AddIndex(model_name="idempotencyrecord", index=models.Index("subject", name="idempotency_subject")),
    ]
