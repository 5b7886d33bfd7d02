"""Each service has a database of its own, wherever that is, and refuses to touch another's."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from serving import HERE, Server

from svc_chassis.settings import service_settings
from svc_chassis.testing.free_port import free_port

NAMES = [
    "a#b",
    "a?b",
    "a%20b",
    "100%",
    "a+b",
    "two words",
    'it\'s "quoted"',
    "über 漢字",
    "mode=memory",
    "a;b&c=d",
    "-x",
]

STOCK = """
from pathlib import Path
from svc_chassis.settings import service_settings
globals().update(service_settings("stock", Path(__file__).resolve().parent.parent))
"""


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_in_the_run_directory_whatever_its_path(
    unset: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    run_dir = tmp_path / name
    status, said = run("orders", "django", "migrate", BLOGBUS_RUN_DIR=str(run_dir), DATABASE_URL="")
    assert status == 0, said

    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert {file.name for file in run_dir.iterdir()} == {"orders.sqlite3", "secrets"}
    assert len(list((run_dir / "secrets").iterdir())) == 4


@pytest.mark.parametrize("name", NAMES)
def test_a_quoted_url_names_any_file(unset: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    unset.setenv("BLOGBUS_RUN_DIR", str(tmp_path))
    unset.setenv("DATABASE_URL", f"sqlite:///{quote(str(tmp_path / name))}")

    assert service_settings("orders", tmp_path)["DATABASES"]["default"]["NAME"] == tmp_path / name


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("sqlite:////tmp/a#b", "%23"),
        ("postgres://blog:se#cret@localhost/blog", "%23"),
        ("sqlite:////tmp/a?b", "%3F"),
        ("sqlite:////tmp/a?", "%3F"),
        ("sqlite://tmp/a", "sqlite:////path/to/file"),
        ("sqlite://", "sqlite:////path/to/file"),
        ("sqlite://:memory:", "sqlite:////path/to/file"),
        ("mysql://localhost/blog", "postgres://"),
        ("/tmp/a", "postgres://"),
        ("postgres//localhost", "postgres://"),
    ],
)
def test_a_url_that_means_another_place_is_refused_with_its_cure(
    unset: pytest.MonkeyPatch, tmp_path: Path, url: str, cure: str
) -> None:
    unset.setenv("BLOGBUS_RUN_DIR", str(tmp_path))
    unset.setenv("DATABASE_URL", url)

    with pytest.raises(ImproperlyConfigured, match=f"^DATABASE_URL .*{cure}") as refused:
        service_settings("orders", tmp_path)

    assert "cret" not in str(refused.value)


def program(service: str, *command: str, **environ: str) -> subprocess.Popen[str]:
    """A command of `service`, which is sought in `folder` too."""
    path = filter(None, [environ.pop("folder", ""), str(HERE), *sys.path])
    settings = {"DJANGO_SETTINGS_MODULE": f"{service}.settings", "PYTHONPATH": os.pathsep.join(path)}
    argv = [sys.executable, "-m", *command]
    return subprocess.Popen(
        argv, env=os.environ | settings | environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(service: str, *command: str, **environ: str) -> tuple[int, str]:
    """Exit status, and all that was said."""
    process = program(service, *command, **environ)
    said = "".join(process.communicate(timeout=60))
    return process.returncode, said


def sql(place: dict[str, str], statement: str) -> None:
    """Executed as a program that knows no owners."""
    code = f"import django.db; django.db.connection.cursor().execute({statement!r})"
    status, said = run("orders", "django", "shell", "--no-imports", "-c", code, **place)
    assert status == 0, said


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of two services, orders and stock, that share an empty database."""
    folder = tmp_path / "stock"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "urls.py").write_text("urlpatterns = []")
    (folder / "settings.py").write_text(STOCK)
    variables = {"folder": str(tmp_path), "BLOGBUS_RUN_DIR": str(tmp_path / "run")}
    if request.param == "sqlite":
        yield variables | {"DATABASE_URL": f"sqlite:///{quote(str(tmp_path / 'shared.sqlite3'))}"}
        return
    import psycopg

    server_url: str = request.getfixturevalue("postgres")

    name = f"shared_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield variables | {"DATABASE_URL": f"{server_url.rpartition('/')[0]}/{name}"}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def tables(place: dict[str, str]) -> str:
    """What the database holds, as its owner sees it."""
    listing = "import django.db as db; print(sorted(db.connection.introspection.table_names()))"
    return run("orders", "django", "shell", "--no-imports", "-c", listing, **place)[1]


@pytest.mark.parametrize(
    "command",
    [
        ["django", "migrate"],
        ["django", "prune_events"],
        ["svc_chassis.server.command", "--bind", f"127.0.0.1:{free_port()}"],
    ],
    ids=["migrate", "prune_events", "serve"],
)
def test_another_service_is_refused_and_both_are_named(place: dict[str, str], command: list[str]) -> None:
    assert run("orders", "django", "migrate", **place)[0] == 0
    before = tables(place)
    assert "database_owner" in before

    status, said = run("stock", *command, **place)

    assert status != 0
    assert "belongs to orders, not to stock: give stock a database of its own (DATABASE_URL)" in said
    assert "Traceback" not in said
    assert tables(place) == before
    assert run("orders", "django", "migrate", **place)[0] == 0


def test_a_database_from_before_the_mark_is_adopted_by_the_service_whose_tables_it_holds(place: dict[str, str]) -> None:
    assert run("orders", "django", "migrate", **place)[0] == 0
    sql(place, "DROP TABLE database_owner")

    status, said = run("stock", "django", "migrate", **place)
    assert (status, "belongs to orders, not to stock" in said) == (1, True), said

    assert run("orders", "django", "migrate", **place)[0] == 0
    assert "database_owner" in tables(place)


def test_a_database_of_something_else_is_left_alone(place: dict[str, str]) -> None:
    sql(place, "CREATE TABLE diary (a int)")

    status, said = run("orders", "django", "migrate", **place)

    assert (status, "belongs to diary, not to orders" in said) == (1, True), said


def test_of_two_services_that_race_for_an_empty_database_one_wins(place: dict[str, str]) -> None:
    racers = [program(service, "django", "migrate", **place) for service in ("orders", "stock")]
    said = [racer.communicate(timeout=60)[1] for racer in racers]

    assert sorted(racer.returncode for racer in racers) == [0, 1], said
    assert any("belongs to" in text for text in said), said


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_replicas_that_start_together_migrate_one_after_another(place: dict[str, str]) -> None:
    replicas = [program("orders", "django", "migrate", **place) for _ in range(4)]
    said = [replica.communicate(timeout=60) for replica in replicas]

    assert [replica.returncode for replica in replicas] == [0] * 4, said
    assert sum("Applying orders.0001_initial" in output for output, _ in said) == 1
    assert sum("No migrations to apply" in output for output, _ in said) == 3


def test_a_second_server_on_one_sqlite_file_is_refused_until_the_first_has_ended(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    first = start()
    command = ("svc_chassis.server", "--bind", f"127.0.0.1:{free_port()}")
    status, said = run("orders", *command, folder=str(tmp_path), BLOGBUS_RUN_DIR=str(first.folder), DATABASE_URL="")
    assert status != 0
    database = first.folder / "orders.sqlite3"
    assert f"Another process serves the SQLite database {database}: stop it. For replicas, set DATABASE_URL=" in said
    assert "Traceback" not in said
    assert first.answers()

    first.process.kill()
    first.process.wait()
    assert start().answers()
