"""Migrations of apps whose tables an earlier release kept under the label `events`."""

from typing import Any

from django.db import migrations

FORMER = "events"


class AdoptModel(migrations.CreateModel):
    """Takes over the table that an earlier release made for this model, rows and all; creates one if there is none."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        former = f"{FORMER}_{self.name_lower}"
        connection = schema_editor.connection
        if former in connection.introspection.table_names():
            schema_editor.alter_db_table(model, former, model._meta.db_table)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
