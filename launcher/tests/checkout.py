"""A checkout in miniature, with stand-in services, and how to drive it from outside."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from launcher.project import Project, load
from launcher.run import ports, process_table
from launcher.setup import venv

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 30.0  # seconds


class Checkout:
    """Services alpha, beta and gamma, started in this order."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run_dir = root / ".run"
        self._write_tree()
        self.base = ports.free_base(root)
        self._ups: list[subprocess.Popen[str]] = []

    @property
    def project(self) -> Project:
        return load(self.root, self.base, {})

    def port(self, name: str) -> int:
        return self.project.service(name).port

    def manage(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(
            self._command(arguments),
            env=self._environ(environ),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )

    def up(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return self.manage("up", "--detach", "--port-base", str(self.base), *arguments, **environ)

    def foreground(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """An `up` that stays; its output goes to the file `foreground`."""
        command = self._command(("up", "--port-base", str(self.base), *arguments))
        with self.output.open("w") as output:
            up = subprocess.Popen(command, env=self._environ(environ), stdout=output, stderr=output, text=True)
        self._ups.append(up)
        return up

    @property
    def output(self) -> Path:
        return self.root / "foreground"

    def said(self, text: str) -> bool:
        return text in self.output.read_text()

    def status(self) -> dict[str, dict[str, Any]]:
        rows = json.loads(self.manage("status", "--json").stdout)["services"]
        return {row["name"]: row for row in rows}

    def pid(self, name: str) -> int:
        return int(json.loads((self.run_dir / "processes" / f"{name}.json").read_text())["pid"])

    def ask(self, name: str, path: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port(name), timeout=5)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return json.loads(body)

    def left_behind(self) -> list[str]:
        """The commands of all living processes that belong to this checkout."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        found = [process_table.find(pid) for pid in pids if pid != os.getpid()]
        return [process.command for process in found if process and str(self.root) in _whereabouts(process.pid)]

    def clean_up(self) -> None:
        for up in self._ups:
            up.kill()
            up.wait()
        for record in (self.run_dir / "processes").glob("*.json"):
            pid = int(json.loads(record.read_text())["pid"])
            if process_table.group(pid):
                os.killpg(pid, signal.SIGKILL)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, str(self.root / "manage_all.py"), *arguments]

    def _environ(self, more: dict[str, str]) -> dict[str, str]:
        # No plug-in but xdist: a stand-in hides the chassis that pytest would load one from.
        plugins = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}
        ours = {"BLOGBUS_RUN_DIR": str(self.run_dir), **plugins}
        inherited = {name: value for name, value in os.environ.items() if name not in ("CI", "BLOGBUS_PORT_BASE")}
        return {**inherited, **ours, **more}

    def _write_tree(self) -> None:
        shutil.copy(ROOT / "manage_all.py", self.root)
        (self.root / "launcher").symlink_to(ROOT / "launcher")
        names = ("alpha", "beta", "gamma")
        table = {name: {"port": 4000 + i, "kubernetes": f"{name}-srv", "title": name} for i, name in enumerate(names)}
        (self.root / "services.json").write_text(json.dumps(table))
        for name in names:
            chassis = self.root / f"{name}_svc" / "svc_chassis"
            chassis.mkdir(parents=True)
            (chassis / "__init__.py").touch()
            shutil.copy(HERE / "stand_in" / "server.py", chassis)
            shutil.copy(HERE / "stand_in" / "manage.py", chassis.parent)
        self._pretend_installed()

    def _pretend_installed(self) -> None:
        (self.root / ".venv" / "bin").mkdir(parents=True)
        (self.root / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (self.root / ".venv" / "bin" / "pip").touch()
        shutil.copy(Path(sys.prefix) / "pyvenv.cfg", self.root / ".venv")
        (self.root / ".venv" / "lib").symlink_to(Path(sys.prefix) / "lib")
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.root / name).touch()
            (self.root / name).with_suffix(".lock").touch()
            venv.python_stamp(load(self.root, 4000, {}), name).press()


def _whereabouts(pid: int) -> str:
    """Its folder and its environment, either of which names the checkout that it belongs to."""
    try:
        folder = str(Path(f"/proc/{pid}/cwd").readlink())
        return folder + Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return ""
