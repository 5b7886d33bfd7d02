"""Posts that were stored when ids were UUIDs are found by the same ids afterwards."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

POST_ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


@pytest.mark.django_db(transaction=True)
def test_ids_keep_their_spelling_forward_and_back(client: Client) -> None:
    before = [("posts", "0001_initial")]
    old = MigrationExecutor(connection)
    after = old.loader.graph.leaf_nodes("posts")
    old.migrate(before)
    uuids = old.loader.project_state(before).apps.get_model("posts", "Post")._default_manager
    try:
        uuids.create(id=UUID(POST_ID), title="hi", created_at=timezone.now())

        MigrationExecutor(connection).migrate(after)

        assert client.get(f"/posts/{POST_ID}").json()["id"] == POST_ID

        MigrationExecutor(connection).migrate(before)
        assert uuids.get(id=UUID(POST_ID)).title == "hi"
    finally:
        latest = MigrationExecutor(connection)
        latest.migrate(latest.loader.graph.leaf_nodes())
