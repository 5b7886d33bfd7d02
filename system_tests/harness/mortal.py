"""A subscriber in a process of its own, which certain events end, and which something starts again each time."""

import subprocess
import sys
import threading
from pathlib import Path

PROGRAM = """
import json, os, signal, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

folder, port = Path(sys.argv[1]), int(sys.argv[2])

def end(how):
    with open(folder / "ended", "a") as file:
        file.write(how + "\\n")
    if how == "with the bus":
        os.killpg(int((folder / "bus").read_text()), signal.SIGKILL)
    if how == "by its deadline":
        signal.setitimer(signal.ITIMER_REAL, 0.3)  # SIGALRM ends a process that does not handle it
        time.sleep(60)
    os._exit(137)

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        events = said if isinstance(said, list) else [said]
        for event in events:
            title = event["data"]["title"]
            for how in ("at once", "by its deadline", "with the bus"):
                if title.startswith("ends it " + how) and not (folder / "mended").exists():
                    end(how)
            with open(folder / "applied", "a") as file:
                file.write(event["id"] + "\\n")
        answer = json.dumps({"results": [{"id": event["id"], "status": "applied"} for event in events]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self):
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


class Mortal:
    """Runs while the `with` lasts. A post titled "ends it at once", "… by its deadline" or "… with the bus" ends it."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep)
        self.url = f"http://127.0.0.1:{port}/events"

    def __enter__(self) -> "Mortal":
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._process:
            self._process.kill()
        self._keeper.join()

    def _keep(self) -> None:
        while not self._over.wait(0.2):
            command = [sys.executable, "-c", PROGRAM, str(self._folder), str(self._port)]
            self._process = subprocess.Popen(command)
            if self._over.is_set():
                self._process.kill()
            self._process.wait()

    def applied(self) -> list[str]:
        """The ids of what took effect, in order, once for each time."""
        return self._lines("applied")

    def ended(self) -> list[str]:
        return self._lines("ended")

    def mend(self) -> None:
        """From now on nothing ends it."""
        (self._folder / "mended").touch()

    def bus_is(self, pid: int) -> None:
        (self._folder / "bus").write_text(str(pid))

    def _lines(self, name: str) -> list[str]:
        file = self._folder / name
        return file.read_text().splitlines() if file.exists() else []
