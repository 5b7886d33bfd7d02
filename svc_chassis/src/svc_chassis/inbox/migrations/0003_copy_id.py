import uuid
from typing import Any

from django.db import migrations, models


def same_as_the_inbox(apps: Any, schema_editor: Any) -> None:
    """Until now the inbox id named the copy of the database, too, and decisions refer to it."""
    apps.get_model("inbox", "Inbox").objects.using(schema_editor.connection.alias).update(copy_id=models.F("inbox_id"))


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_unhandled_types")]

    operations = [
        migrations.AddField(
            model_name="inbox",
            name="copy_id",
            field=models.UUIDField(
                default=uuid.uuid4, help_text="Names this copy of the database: a restore renews it."
            ),
        ),
        migrations.RunPython(same_as_the_inbox, migrations.RunPython.noop),
    ]
