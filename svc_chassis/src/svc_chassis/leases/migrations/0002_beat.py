from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="lease", name="expires"),
        migrations.AddField(
            model_name="lease",
            name="beat",
            field=models.BigIntegerField(default=0, help_text="Rises while its holder lives."),
        ),
        migrations.AlterField(
            model_name="lease",
            name="holder",
            field=models.CharField(help_text="Empty: it was released.", max_length=255),
        ),
    ]
