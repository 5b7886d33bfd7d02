from collections.abc import Callable

import pytest
from django.conf import settings

from contracts import CommentCreated


@pytest.fixture
def moderator() -> dict[str, str]:
    """The headers of a moderator's request."""
    return {"Authorization": f"Bearer {settings.MODERATOR_TOKEN}"}


@pytest.fixture
def comment() -> Callable[..., CommentCreated]:
    """A comment as it was written; `more` replaces its fields."""

    def _comment(comment_id: str = "c1", content: str = "hello", **more: object) -> CommentCreated:
        fields = {"post_id": "p1", "author": "Ada", "status": "pending", "version": 1} | more
        return CommentCreated.model_validate({"id": comment_id, "content": content, **fields})

    return _comment
