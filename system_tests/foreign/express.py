"""As little of Express as those services use: routes, JSON in, JSON out, and a POST to somebody else."""

import json
import os
import re
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Handler = Callable[..., Any]


def port(of_the_course: int) -> int:
    return of_the_course + int(os.environ.get("PORT_BASE", "4000")) - 4000


BUS = f"http://localhost:{port(4005)}/events"


def send(url: str, body: Any = None) -> Any:
    """What is answered to a POST of `body`, or to a GET without one. Raises OSError for anything but a 2xx."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def emit(event_type: str, data: Json) -> None:
    send(BUS, {"type": event_type, "data": data})


class App:
    """Routes such as `POST /posts/:id/comments`; a handler gets the path's parts and the body."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler, int]] = []

    def route(self, method: str, path: str, status: int = 200) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self._routes.append((method, re.compile(re.sub(r":\w+", "([^/]+)", path)), handler, status))
            return handler

        return add

    def listen(self, of_the_course: int) -> None:
        app = self

        class Requests(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                app._answer(self)

            do_POST = do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        ThreadingHTTPServer(("127.0.0.1", port(of_the_course)), Requests).serve_forever()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        content = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        path = request.path.split("?", 1)[0]
        for method, pattern, handler, status in self._routes:
            if method == request.command and (found := pattern.fullmatch(path)):
                body = handler(*found.groups(), *([json.loads(content)] if method == "POST" else []))
                return self._say(request, status, "application/json", json.dumps(body))
        said = f"<pre>Cannot {request.command} {path}</pre>"
        return self._say(request, 404, "text/html; charset=utf-8", said)

    def _say(self, request: BaseHTTPRequestHandler, status: int, content_type: str, text: str) -> None:
        content = text.encode()
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)
