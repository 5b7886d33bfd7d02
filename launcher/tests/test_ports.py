"""Ports and who holds them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from launcher.run import ports


def test_a_port_that_is_listened_on_is_not_free_and_its_holder_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.holder(port).startswith(f"pid {os.getpid()}: ")
    assert ports.is_free(port)


def test_a_holder_on_the_other_localhost_counts_too() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        assert not ports.is_free(server.getsockname()[1])


def test_without_proc_the_holder_is_found_by_lsof_or_said_to_be_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "PROC", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = ports.holder(server.getsockname()[1])
    assert found.startswith(f"pid {os.getpid()}: ") or found == "a program that this user may not see"
