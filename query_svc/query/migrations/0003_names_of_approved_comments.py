import orjson
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def forget_names(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of comments that are not approved, also where posts show them; each such post changes, and streams tell so."""
    comments, posts = (apps.get_model("query", name).objects for name in ("Comment", "Post"))
    newest = posts.aggregate(newest=Max("revision"))["newest"] or 0
    hidden = comments.exclude(status="approved")
    # The ids first: a cursor over rows whose revision changes would meet them again.
    affected = list(posts.filter(id__in=hidden.values("post_id")).order_by("revision").values_list("id", flat=True))
    for revision, post_id in enumerate(affected, newest + 1):
        shown = orjson.loads(bytes(posts.values_list("rendered", flat=True).get(id=post_id)))
        for comment in shown["comments"]:
            if comment["status"] != "approved":
                comment["author"] = None
        posts.filter(id=post_id).update(rendered=orjson.dumps(shown), revision=revision)
    hidden.update(author=None)


class Migration(migrations.Migration):
    dependencies = [("query", "0002_revisions")]

    operations = [
        migrations.AlterField(
            model_name="comment",
            name="author",
            field=models.TextField(help_text="Kept only while approved, as the text is.", null=True),
        ),
        migrations.RunPython(forget_names, migrations.RunPython.noop),
    ]
