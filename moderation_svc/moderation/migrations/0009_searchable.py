from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def read_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In short transactions, so that the former release writes on."""
    from moderation.searching import make_searchable  # which imports the models of today

    while make_searchable(apps.get_model("moderation", "JudgedComment").objects.all()):
        pass


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("moderation", "0008_searched_version")]

    operations = [migrations.RunPython(read_all, migrations.RunPython.noop)]
