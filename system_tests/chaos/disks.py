"""A file system of its own for each service's database, which can be full at any moment."""

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from system_tests.conftest import undisturbed
from system_tests.harness.system import System

ROOMY = 1024**3
"""bytes a disk has where it is not full; memory is taken only as files grow"""
TRIES = 50
CLONE_NEWNS = 0x20000
"""of Linux's <sched.h>; os.unshare comes with Python 3.12"""


class Disks:
    """While the `with` lasts. Takes the system down at its end, because nobody may hold what is unmounted."""

    def __init__(self, system: System, left_out: str = "") -> None:
        self._system = system
        self._mounted: dict[str, Path] = {}
        self._full: dict[str, float] = {}
        self._lock = threading.Lock()
        self.seconds = 0.0
        """that a disk was full, all together"""
        allowed = os.geteuid() == 0 and sys.platform == "linux"
        self.left_out = left_out or ("" if allowed else "only root may mount a small disk")

    def __enter__(self) -> "Disks":
        if not self.left_out:
            self._system.stop(*self._system.names)
            try:
                _see_mounts_alone()
                for name in self._system.names:
                    self._mount(name)
            except (OSError, subprocess.CalledProcessError) as error:
                self._unmount()
                self.left_out = f"no disk can be mounted here: {error}"
            except BaseException:
                self._unmount()
                raise
            self._system.start(*self._system.names)
        return self

    def __exit__(self, *_: object) -> None:
        if self._mounted:
            with undisturbed():
                self._system.down()
                self._unmount()

    def fill(self, name: str) -> None:
        """No byte more from now on."""
        disk = self._mounted[name]
        # What stands in the write-ahead log may be overwritten: empty it, so that already the next write needs room.
        with suppress(sqlite3.OperationalError), closing(_opened(disk, name)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._lock:
            for _ in range(TRIES):  # it may grow between the look and the deed
                stat = os.statvfs(disk)
                if _resized(disk, (stat.f_blocks - stat.f_bfree) * stat.f_frsize):
                    self._full.setdefault(name, time.monotonic())
                    return
        raise AssertionError(f"{disk} can't be made full")

    def free(self, name: str) -> None:
        """Room again, if there was none."""
        with self._lock:
            since = self._full.pop(name, None)
            if since is not None:
                assert _resized(self._mounted[name], ROOMY)
                self.seconds += time.monotonic() - since

    def _mount(self, name: str) -> None:
        disk = self._system.run_dir / "disks" / name
        disk.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "blogbus-chaos", str(disk)], check=True)
        self._mounted[name] = disk
        for file in self._system.run_dir.glob(f"{name}.sqlite3*"):
            shutil.move(file, disk)
        # SQLite follows the link, and keeps its log beside the real file.
        (self._system.run_dir / f"{name}.sqlite3").symlink_to(disk / f"{name}.sqlite3")

    def _unmount(self) -> None:
        for disk in self._mounted.values():
            lazily = subprocess.run(["umount", str(disk)], check=False).returncode != 0
            subprocess.run(["umount", "--lazy", str(disk)], check=lazily, stderr=subprocess.DEVNULL)
        self._mounted.clear()


def _see_mounts_alone() -> None:
    """What is mounted from now on is seen by this process and its children, and is gone with them, however they end."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


def _opened(disk: Path, name: str) -> sqlite3.Connection:
    return sqlite3.connect(disk / f"{name}.sqlite3", timeout=1, isolation_level=None)


def _resized(disk: Path, size: int) -> bool:
    command = ["mount", "-o", f"remount,size={size}", str(disk)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
