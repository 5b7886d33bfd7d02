"""Comments that were stored when ids were UUIDs are found by the same ids afterwards."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

POST_ID, COMMENT_ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "00000000-0000-4000-8000-00000000c0de"


@pytest.mark.django_db(transaction=True)
def test_ids_keep_their_spelling_forward_and_back(client: Client) -> None:
    before = [("comments", "0001_initial")]
    old = MigrationExecutor(connection)
    after = old.loader.graph.leaf_nodes("comments")
    old.migrate(before)
    uuids = old.loader.project_state(before).apps.get_model("comments", "Comment")._default_manager
    try:
        uuids.create(id=UUID(COMMENT_ID), post_id=UUID(POST_ID), content="hello", created_at=timezone.now())

        MigrationExecutor(connection).migrate(after)

        [found] = client.get(f"/posts/{POST_ID}/comments").json()
        assert (found["id"], found["postId"]) == (COMMENT_ID, POST_ID)

        MigrationExecutor(connection).migrate(before)
        assert uuids.get(post_id=UUID(POST_ID)).id == UUID(COMMENT_ID)
    finally:
        latest = MigrationExecutor(connection)
        latest.migrate(latest.loader.graph.leaf_nodes())
