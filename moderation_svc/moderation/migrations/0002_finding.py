from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_from_reason(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where a rule is named, the reason is still the rule's."""
    judged = apps.get_model("moderation", "JudgedComment").objects
    judged.filter(rule__isnull=False).update(finding=models.F("reason"))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="judgedcomment",
            name="finding",
            field=models.TextField(help_text="What the rules said of it, whoever decided.", null=True),
        ),
        migrations.AlterField(
            model_name="judgedcomment",
            name="rule",
            field=models.CharField(help_text="Which rule matched, whoever decided.", max_length=40, null=True),
        ),
        migrations.RunPython(take_from_reason, migrations.RunPython.noop),
    ]
