"""`manage_all.py keys`: secrets are made once, and a signing key is replaced without a gap."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from launcher.make import keys
from launcher.project import DEFAULT_PORT_BASE, Project, load


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    for name in ("manage_all.py", "services.json"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("launcher", "contracts"):
        (tmp_path / name).symlink_to(ROOT / name)
    return load(tmp_path, DEFAULT_PORT_BASE)


def make(checkout: Project, *options: str) -> str:
    command = [sys.executable, str(checkout.root / "manage_all.py"), "keys", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.returncode}: {done.stdout}{done.stderr}"


def contents(checkout: Project) -> dict[str, str]:
    return {file.name: file.read_text() for file in keys.folder(checkout).iterdir()}


def signing_keys(checkout: Project, service: str) -> list[str]:
    return keys.read(checkout, service)["EVENTS_SECRET"].split()


def known_to_the_bus(checkout: Project, service: str) -> list[str]:
    pairs = keys.read(checkout, "eventbus")["EVENTS_PEER_SECRETS"].split(",")
    return [pair.partition("=")[2] for pair in pairs if pair.startswith(f"{service}=")]


def test_each_service_gets_keys_of_its_own_and_the_bus_knows_them(checkout: Project) -> None:
    assert make(checkout).startswith("0:")
    assert set(contents(checkout)) == {"tokens.env", *(f"{service.name}.env" for service in checkout.backends)}
    ours = [service.name for service in checkout.backends if service.name != "eventbus"]
    assert [known_to_the_bus(checkout, name) for name in ours] == [signing_keys(checkout, name) for name in ours]
    values = [value for name in ("tokens", *ours) for value in keys.read(checkout, name).values()]
    assert len(set(values)) == len(values)


def test_only_their_owner_can_read_them_and_git_never_sees_them(checkout: Project) -> None:
    make(checkout)
    assert {stat.S_IMODE(file.stat().st_mode) for file in keys.folder(checkout).iterdir()} == {0o600}
    asked = ["git", "check-ignore", "-q", "infra/k8s/base/secrets/posts.env"]
    assert subprocess.run(asked, cwd=ROOT, check=False).returncode == 0


def test_what_is_there_stays_and_what_is_missing_is_made(checkout: Project) -> None:
    make(checkout)
    before = contents(checkout)
    assert "created: nothing" in make(checkout)
    assert contents(checkout) == before
    (keys.folder(checkout) / "posts.env").unlink()
    assert "created: posts" in make(checkout)
    assert signing_keys(checkout, "posts") == known_to_the_bus(checkout, "posts")
    assert {name for name, text in contents(checkout).items() if text != before[name]} == {"posts.env", "eventbus.env"}


def test_the_two_sides_of_an_account_have_one_password(checkout: Project) -> None:
    make(checkout)
    urls = {name: keys.read(checkout, name, keys.DATABASES)["DATABASE_URL"] for name in ("eventbus", "posts")}
    roles = keys.read(checkout, "roles", keys.POSTGRES)
    for name, url in urls.items():
        assert url == f"postgres://{name}:{roles[name]}@postgres:5432/{name}"
    password = keys.read(checkout, "nats", keys.NATS)["NATS_PASSWORD"]
    assert password[0].isalpha()
    log = keys.folder(checkout, keys.LOG) / "eventbus.env"
    assert log.read_text() == f"EVENTBUS_LOG=nats://eventbus:{password}@nats:4222?partitions=3&replicas=3\n"

    (keys.folder(checkout, keys.DATABASES) / "posts.env").write_text(
        "DATABASE_URL=postgres://posts:new@postgres/posts\n"
    )
    (keys.folder(checkout, keys.NATS) / "nats.env").unlink()
    assert "created: nats/nats" in make(checkout)
    assert keys.read(checkout, "roles", keys.POSTGRES) == roles | {"posts": "new"}
    assert keys.read(checkout, "nats", keys.NATS)["NATS_PASSWORD"] == password
    log.unlink()
    assert "created: log/eventbus" in make(checkout)
    assert password not in log.read_text()
    assert keys.read(checkout, "nats", keys.NATS)["NATS_PASSWORD"] in log.read_text()


def test_a_server_of_ones_own_is_left_as_it_is(checkout: Project) -> None:
    make(checkout)
    log = keys.folder(checkout, keys.LOG) / "eventbus.env"
    log.write_text("EVENTBUS_LOG=kafka://broker:9092?replicas=3\n")
    assert "created: nothing" in make(checkout)
    assert log.read_text() == "EVENTBUS_LOG=kafka://broker:9092?replicas=3\n"


def test_a_rotation_has_two_valid_keys_on_the_way(checkout: Project) -> None:
    make(checkout)
    [old] = signing_keys(checkout, "posts")
    make(checkout, "--add", "posts")
    _, new = both = signing_keys(checkout, "posts")
    assert both == [old, new] == known_to_the_bus(checkout, "posts")
    assert "1: " in (said := make(checkout, "--add", "posts"))
    assert "posts already has two signing keys" in said
    make(checkout, "--drop", "posts")
    assert [new] == signing_keys(checkout, "posts") == known_to_the_bus(checkout, "posts")


def test_the_key_of_a_foreign_service_stays_at_the_bus(checkout: Project) -> None:
    make(checkout)
    file = keys.folder(checkout) / "eventbus.env"
    file.write_text(file.read_text().replace("EVENTS_PEER_SECRETS=", "EVENTS_PEER_SECRETS=foreign=whsec_x,"))
    make(checkout, "--add", "posts")
    assert known_to_the_bus(checkout, "foreign") == ["whsec_x"]
