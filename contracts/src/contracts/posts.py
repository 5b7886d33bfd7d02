"""What posts publishes."""

from pydantic import AwareDatetime

from svc_chassis.events.contract import Contract


class PostCreated(Contract, publisher="posts"):
    """A post was written. Subject: the post."""

    title: str
    body: str = ""
    author: str = ""
    created_at: AwareDatetime | None = None
