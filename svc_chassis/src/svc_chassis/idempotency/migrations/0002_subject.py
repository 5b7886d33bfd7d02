from typing import Any

import orjson
from django.db import migrations, models


def name_subjects(apps: Any, _: Any) -> None:
    """Of the answers that a former release kept."""
    records = apps.get_model("idempotency", "IdempotencyRecord").objects
    for record in records.exclude(body=b"").only("body").iterator():
        answer = orjson.loads(bytes(record.body))
        if isinstance(answer, dict):
            records.filter(pk=record.pk).update(subject=str(answer.get("id", ""))[:255])


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="idempotencyrecord",
            name="subject",
            field=models.CharField(db_default="", default="", help_text="The `id` that was answered.", max_length=255),
        ),
        migrations.RunPython(name_subjects, migrations.RunPython.noop),
        migrations.AddIndex(model_name="idempotencyrecord", index=models.Index("subject", name="idempotency_subject")),
    ]
