"""What comments publishes."""

from typing import Literal

from pydantic import AwareDatetime

from svc_chassis.events.contract import Contract

Status = Literal["pending", "approved", "rejected"]


class CommentCreated(Contract, publisher="comments"):
    """A comment was written and waits for moderation. Subject: the comment."""

    post_id: str
    content: str
    author: str = ""
    status: Status
    created_at: AwareDatetime | None = None


class CommentUpdated(Contract, publisher="comments"):
    """A comment changed; carries the whole of it, so that it stands for all that came before. Subject: the comment."""

    post_id: str
    content: str
    author: str = ""
    status: Status
    reason: str | None = None
    created_at: AwareDatetime | None = None
