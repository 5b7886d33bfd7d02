from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_decided_since")]

    operations = [
        migrations.RenameField("judgedcomment", "inbox_id", "copy_id"),
        migrations.AlterField(
            model_name="judgedcomment",
            name="copy_id",
            field=models.UUIDField(null=True, help_text="Of the copy of the database in which it was decided."),
        ),
    ]
