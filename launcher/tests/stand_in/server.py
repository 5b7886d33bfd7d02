"""Stands in for a service's server: answers /readyz, and misbehaves as STAND_IN says."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

NAME = os.environ["DJANGO_SETTINGS_MODULE"].removesuffix(".settings")
WARNINGS = ["s1: the bus\nrefuses it", "the moon is full"] if os.environ.get("STAND_IN") == "warns" else []
HOW = os.environ.get("STAND_IN", "")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/environ":
            self._answer(200, dict(os.environ))
        elif self.path.startswith("/print/"):
            print(unquote(self.path).removeprefix("/print/"), flush=True)
            self._answer(200, {})
        elif HOW == "unready":
            self._answer(503, {"title": "Not ready", "detail": "the moon is not full"})
        else:
            self._answer(200, {"migrated": Path("migrated").exists(), "warnings": WARNINGS})

    def _answer(self, status: int, body: Mapping[str, object]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


def note_the_end(*_: object) -> None:
    with (Path(os.environ["BLOGBUS_RUN_DIR"]) / "ended").open("a") as file:
        file.write(f"{NAME}\n")
    os._exit(0)


def main() -> None:
    print(f"{NAME} begins", flush=True)
    if HOW == "dies":
        sys.exit(3)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if HOW == "stubborn" else note_the_end)
    if HOW == "forks":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    port = int(sys.argv[sys.argv.index("--bind") + 1].rpartition(":")[2])
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
