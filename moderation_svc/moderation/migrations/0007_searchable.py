from django.db import migrations


class Migration(migrations.Migration):
    """Read all comments, before 0009 did so with the version of what it read."""

    dependencies = [("moderation", "0006_desk")]

    operations = []
