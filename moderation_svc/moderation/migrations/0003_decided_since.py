from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_finding")]

    operations = [
        migrations.AddField(
            model_name="judgedcomment",
            name="inbox_id",
            field=models.UUIDField(help_text="Ours when it was decided; a restore or a loss renews it.", null=True),
        ),
    ]
