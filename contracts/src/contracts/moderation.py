"""What moderation publishes."""

from contracts.comments import Status
from svc_chassis.events.contract import Contract


class CommentModerated(Contract, publisher="moderation"):
    """A comment was judged, by rule or by a person. Subject: the comment."""

    post_id: str
    content: str
    status: Status
    reason: str | None = None
    moderator: str = ""
    """Who judged: `rules`, or a person."""
