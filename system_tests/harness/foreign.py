"""Services written for the seed, which know nothing of Blogbus: `POST /events {type, data}`, and that is all."""

from contextlib import ExitStack
from typing import Any

from svc_chassis.testing.http_server import Heard, Json, Reply, serving
from system_tests.harness.http import call


class Foreign:
    """An HTTP server on a port of its own while the `with` lasts."""

    def __init__(self, bus: str) -> None:
        self.bus = bus
        self.received: list[Json] = []
        self._stack = ExitStack()
        self.url = self._stack.enter_context(serving(self._answer))

    def _answer(self, heard: Heard) -> Reply:
        if heard.method == "GET":
            return Reply(200, self.get())
        if heard.path != "/events":
            return Reply(404, {})
        for event in heard.events:
            self.received.append(event)
            self.handle(event["type"], event["data"])
        return Reply(200, {})

    def handle(self, event_type: str, data: Json) -> None:
        """What this service does about an event."""

    def get(self) -> Any:
        """What it answers to any GET."""
        return {}

    def __enter__(self) -> "Foreign":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


class SeedModeration(Foreign):
    def handle(self, event_type: str, data: Json) -> None:
        if event_type == "CommentCreated":
            status = "rejected" if "orange" in data["content"] else "approved"
            moderated = {"id": data["id"], "postId": data["postId"], "status": status, "content": data["content"]}
            answer = call("POST", f"{self.bus}/events", json={"type": "CommentModerated", "data": moderated})
            assert answer.ok, answer.text


class SeedQuery(Foreign):
    """Keeps posts in memory; at its start it asks the bus for everything that ever happened."""

    def __init__(self, bus: str) -> None:
        super().__init__(bus)
        self.posts: dict[str, Json] = {}

    def __enter__(self) -> "SeedQuery":
        super().__enter__()
        for event in call("GET", f"{self.bus}/events").json():
            self.handle(event["type"], event["data"])
        return self

    def handle(self, event_type: str, data: Json) -> None:
        if event_type == "PostCreated":
            self.posts[data["id"]] = {"id": data["id"], "title": data["title"], "comments": []}
        if event_type == "CommentCreated":
            comment = {"id": data["id"], "content": data["content"], "status": data["status"]}
            self.posts[data["postId"]]["comments"].append(comment)
        if event_type == "CommentUpdated":
            for comment in self.posts[data["postId"]]["comments"]:
                if comment["id"] == data["id"]:
                    comment.update(status=data["status"], content=data["content"])

    def get(self) -> dict[str, Json]:
        return self.posts
