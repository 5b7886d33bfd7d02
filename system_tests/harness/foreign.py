"""Services written for the seed, which know nothing of Blogbus: `POST /events {type, data}`, and that is all."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from system_tests.harness.http import call

Json = dict[str, Any]


class Foreign:
    """An HTTP server on a port of its own while the `with` lasts."""

    def __init__(self, bus: str) -> None:
        self.bus = bus
        self.received: list[Json] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path == "/events":
                    service.received.append(event)
                    service.handle(event["type"], event["data"])
                self._answer(200 if self.path == "/events" else 404, {})

            def do_GET(self) -> None:
                self._answer(200, service.get())

            def _answer(self, status: int, body: Any) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def handle(self, event_type: str, data: Json) -> None:
        """What this service does about an event."""

    def get(self) -> Any:
        """What it answers to any GET."""
        return {}

    def __enter__(self) -> "Foreign":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


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
