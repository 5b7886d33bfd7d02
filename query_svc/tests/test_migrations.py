"""Names that were shown before they were judged are shown no more."""

from datetime import UTC, datetime

import orjson
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
COMMENTS = [{"id": status, "author": "Bob", "status": status} for status in ("pending", "approved", "rejected")]
MANY = 2_100
"""more than one read of a cursor"""


@pytest.mark.django_db(transaction=True)
def test_names_of_what_is_not_approved_go_and_their_posts_change(client: Client) -> None:
    before = [("query", "0002_revisions")]
    old = MigrationExecutor(connection)
    after = old.loader.graph.leaf_nodes("query")
    old.migrate(before)
    models = old.loader.project_state(before).apps
    try:
        posts, comments = (models.get_model("query", name)._default_manager for name in ("Post", "Comment"))
        for revision, (post_id, shown) in enumerate([("p1", COMMENTS), ("p2", [])], start=1):
            rendered = orjson.dumps({"id": post_id, "comments": shown})
            posts.create(id=post_id, title="hi", created_at=WHEN, rendered=rendered, revision=revision)
        for comment in COMMENTS:
            comments.create(post_id="p1", created_at=WHEN, **comment)
        rendered = orjson.dumps({"comments": [COMMENTS[0]]})
        several = [f"many-{number}" for number in range(MANY)]
        posts.bulk_create(
            posts.model(id=each, created_at=WHEN, rendered=rendered, revision=number)
            for number, each in enumerate(several, start=3)
        )
        comments.bulk_create(
            comments.model(id=each, post_id=each, created_at=WHEN, author="Bob", status="pending") for each in several
        )

        MigrationExecutor(connection).migrate(after)

        assert [comment["author"] for comment in client.get("/posts/p1").json()["comments"]] == [None, "Bob", None]
        assert [*comments.exclude(author=None).values_list("id", "author")] == [("approved", "Bob")]
        assert not any(b"Bob" in bytes(each.rendered) for each in posts.filter(id__in=several))
        revisions = dict(posts.values_list("id", "revision"))
        assert revisions == {
            "p2": 2,
            "p1": MANY + 3,
            **{each: number for number, each in enumerate(several, start=MANY + 4)},
        }
    finally:
        latest = MigrationExecutor(connection)
        latest.migrate(latest.loader.graph.leaf_nodes())
