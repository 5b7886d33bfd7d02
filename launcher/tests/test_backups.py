"""`backup` and `restore`: whole files, of a system that runs, or nothing."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from launcher.tests.checkout import ROOT, Checkout

NAMES = ("alpha", "beta", "gamma")


def connect(file: Path) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(file, timeout=5)
    connection.isolation_level = None
    return closing(connection)


def write(file: Path, *rows: str) -> None:
    with connect(file) as database:
        database.executemany("INSERT INTO rows VALUES (?)", [[row] for row in rows])


def rows(file: Path) -> list[str]:
    with connect(file) as database:
        return [row for (row,) in database.execute("SELECT * FROM rows")]


@pytest.fixture
def used(checkout: Checkout) -> Checkout:
    """A system that runs, with a database in WAL mode for each service, which has one row."""
    checkout.up()
    for name in NAMES:
        with connect(file_of(checkout, name)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE rows (row)")
            database.execute("CREATE TABLE database_owner (service)")
            database.execute("INSERT INTO database_owner VALUES (?)", [name])
        write(file_of(checkout, name), f"{name} before")
    return checkout


def file_of(checkout: Checkout, name: str) -> Path:
    return checkout.run_dir / f"{name}.sqlite3"


@pytest.fixture
def backed_up(used: Checkout, tmp_path: Path) -> Path:
    """A backup of that; since then each database got one more row."""
    folder = tmp_path / "a # backup, 100%?"
    done = used.manage("backup", str(folder))
    assert done.returncode == 0, done.stderr
    for name in NAMES:
        write(file_of(used, name), f"{name} since")
    return folder


def test_a_backup_is_one_plain_file_per_service_and_a_manifest(used: Checkout, backed_up: Path) -> None:
    assert {path.name for path in backed_up.iterdir()} == {"manifest.json", *(f"{name}.sqlite3" for name in NAMES)}
    assert [rows(backed_up / f"{name}.sqlite3") for name in NAMES] == [[f"{name} before"] for name in NAMES]
    assert {path.stat().st_mode & 0o777 for path in backed_up.iterdir()} == {0o600}
    assert set(json.loads((backed_up / "manifest.json").read_text())["services"]) == set(NAMES)


def test_it_ends_while_every_transaction_goes_on_and_holds_whole_ones(used: Checkout, tmp_path: Path) -> None:
    file = file_of(used, "alpha")
    with connect(file) as database:
        database.execute("DELETE FROM rows")
        database.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3000) "
                         "INSERT INTO rows SELECT hex(randomblob(2000)) FROM n")  # fmt: skip
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)\n"
        "print('begins', flush=True)\n"
        "while True: c.executescript('BEGIN IMMEDIATE; INSERT INTO rows VALUES (1), (2); COMMIT')"
    )
    writer = subprocess.Popen(["python3", "-c", code, str(file)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout
        assert writer.stdout.readline()
        done = used.manage("backup", str(tmp_path / "copy"))
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
        if writer.stdout:
            writer.stdout.close()
    assert done.returncode == 0, done.stderr
    with connect(tmp_path / "copy" / "alpha.sqlite3") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT sum(row = 1) = sum(row = 2), count(*) >= 3000 FROM rows").fetchone() == (1, 1)


def test_restore_puts_all_back_and_starts_what_ran(used: Checkout, backed_up: Path) -> None:
    used.manage("stop", "gamma")
    before = used.pid("alpha")
    done = used.manage("restore", str(backed_up))
    assert done.returncode == 0, done.stderr
    assert [rows(file_of(used, name)) for name in NAMES] == [[f"{name} before", "restored"] for name in NAMES]
    assert [bool(row["pid"]) for row in used.status().values()] == [True, True, False]
    assert used.pid("alpha") != before


def test_the_former_file_stays_aside_and_nothing_else_does(used: Checkout, backed_up: Path) -> None:
    done = used.manage("restore", str(backed_up))
    [aside] = used.run_dir.glob("alpha.sqlite3.*")
    assert rows(aside) == ["alpha before", "alpha since"]
    assert str(aside) in done.stdout


def test_only_one_is_restored_and_the_others_run_on(used: Checkout, backed_up: Path) -> None:
    pids = {name: used.pid(name) for name in NAMES}
    done = used.manage("restore", str(backed_up), "--only", "beta")
    assert done.returncode == 0, done.stderr
    assert rows(file_of(used, "beta")) == ["beta before", "restored"]
    assert rows(file_of(used, "alpha")) == ["alpha before", "alpha since"]
    assert {name for name in NAMES if used.pid(name) != pids[name]} == {"beta"}


def test_a_lost_database_is_restored_and_the_log_of_the_lost_one_is_not_applied(
    used: Checkout, backed_up: Path
) -> None:
    used.manage("down")
    file_of(used, "alpha").unlink()
    file_of(used, "alpha").with_name("alpha.sqlite3-wal").write_bytes(b"of a database that is gone")
    assert used.manage("restore", str(backed_up), "--only", "alpha").returncode == 0
    assert rows(file_of(used, "alpha")) == ["alpha before", "restored"]


def test_a_damaged_database_is_restored(used: Checkout, backed_up: Path) -> None:
    used.manage("stop", "alpha")
    file_of(used, "alpha").write_bytes(b"nothing that SQLite knows" * 1000)
    done = used.manage("restore", str(backed_up), "--only", "alpha")
    assert done.returncode == 0, done.stderr
    assert rows(file_of(used, "alpha")) == ["alpha before", "restored"]


def test_an_empty_system_is_filled_from_a_backup(used: Checkout, backed_up: Path) -> None:
    used.manage("reset", "--yes")
    assert used.manage("restore", str(backed_up)).returncode == 0
    assert [rows(file_of(used, name)) for name in NAMES] == [[f"{name} before", "restored"] for name in NAMES]


def drop(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def cut(folder: Path) -> None:
    file = folder / "alpha.sqlite3"
    file.write_bytes(file.read_bytes()[:-4096])


def exchange(folder: Path) -> None:
    """The file of another service, with a manifest that says so: only the mark inside tells."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["services"]["alpha"] = manifest["services"]["beta"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "alpha.sqlite3").write_bytes((folder / "beta.sqlite3").read_bytes())


def manifest(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "manifest.json").write_text(text)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (drop("manifest.json"), "is incomplete: it has no manifest.json"),
        (drop("alpha.sqlite3"), "alpha.sqlite3 is missing"),
        (cut, "was changed or truncated since the backup"),
        (exchange, "is the database of beta, not of alpha"),
        (manifest("{"), "manifest.json cannot be read"),
        (manifest('{"format": 1, "services": []}'), "manifest.json cannot be read"),
        (manifest('{"format": 2, "services": {}}'), "was made by another release"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing_and_stops_nobody(
    used: Checkout, backed_up: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(backed_up)
    refused(used, said, "restore", str(backed_up))


def test_a_backup_of_a_later_release_changes_nothing_and_stops_nobody(used: Checkout, backed_up: Path) -> None:
    refused(used, "made by a later release", "restore", str(backed_up), ALPHA_STAND_IN="refuses")


def test_a_folder_that_is_no_backup_is_refused(used: Checkout, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(used, "is not a backup", "restore", str(tmp_path / "empty"))
    refused(used, "is not a backup", "restore", str(tmp_path / "nowhere"))


def refused(used: Checkout, said: str, *command: str, **environ: str) -> None:
    """The command fails with these words, and everything is as before."""
    before = {name: (used.pid(name), rows(file_of(used, name))) for name in NAMES}
    files = {path.name for path in used.run_dir.iterdir()}
    done = used.manage(*command, **environ)
    assert (done.returncode, said in done.stderr) == (1, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert {name: (used.pid(name), rows(file_of(used, name))) for name in NAMES} == before
    assert {path.name for path in used.run_dir.iterdir()} == files


def test_an_unknown_service_is_named_with_those_there_are(used: Checkout, backed_up: Path) -> None:
    done = used.manage("restore", str(backed_up), "--only", "delta")
    assert done.returncode == 2
    assert "there is no 'delta'; choose from alpha, beta, gamma" in done.stderr


def test_a_service_that_came_after_the_backup_stays_as_it_is(used: Checkout, backed_up: Path) -> None:
    said = json.loads((backed_up / "manifest.json").read_text())
    del said["services"]["gamma"]
    (backed_up / "manifest.json").write_text(json.dumps(said))
    done = used.manage("restore", str(backed_up))
    assert (done.returncode, "gamma" in done.stdout) == (0, True)
    assert rows(file_of(used, "gamma")) == ["gamma before", "gamma since"]
    refused_one = used.manage("restore", str(backed_up), "--only", "gamma")
    assert "gamma is not in this backup" in refused_one.stderr


@pytest.mark.parametrize("there", ["file", "other", "backup"])
def test_a_backup_goes_into_a_new_or_an_empty_folder(used: Checkout, backed_up: Path, there: str) -> None:
    folder = {"file": file_of(used, "alpha"), "other": used.run_dir, "backup": backed_up}[there]
    before = {path.name for path in backed_up.iterdir()}
    done = used.manage("backup", str(folder))
    assert done.returncode == 1
    assert str(folder) in done.stderr
    assert "new folder" in done.stderr or "can be created" in done.stderr
    assert {path.name for path in backed_up.iterdir()} == before


def test_a_full_disk_leaves_no_half_backup(used: Checkout) -> None:
    """A limit on the size of files stands in for it: mounting a small file system needs rights."""
    with connect(file_of(used, "beta")) as database:
        database.execute("INSERT INTO rows VALUES (randomblob(3000000))")
    folder = used.root / "copy"
    command = ["bash", "-c", 'ulimit -f 1000; exec python3 "$@"', "bash", str(used.root / "manage_all.py"), "backup"]
    done = subprocess.run(
        [*command, str(folder)], env=used._environ({}), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "beta.sqlite3 cannot be written" in done.stderr
    assert not folder.exists()


def test_a_database_server_is_left_to_its_own_tools(used: Checkout, backed_up: Path, tmp_path: Path) -> None:
    there = {"ALPHA_DATABASE_URL": "postgres://me:secret@db.example/blog"}
    done = used.manage("backup", str(tmp_path / "second"), **there)
    assert done.returncode == 0, done.stderr
    assert "alpha" in done.stdout
    assert "back it up with pg_dump" in done.stdout
    assert "secret" not in done.stdout
    assert not (tmp_path / "second" / "alpha.sqlite3").exists()
    done = used.manage("restore", str(backed_up), "--only", "alpha", **there)
    assert (done.returncode, "after_restore" in done.stderr) == (1, True)


def test_a_database_elsewhere_is_found_by_its_url(used: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else # where" / "a%b.sqlite3"
    elsewhere.parent.mkdir()
    file_of(used, "alpha").rename(elsewhere)
    url = {
        "ALPHA_DATABASE_URL": f"sqlite:///{str(elsewhere).replace('%', '%25').replace('#', '%23').replace(' ', '%20')}"
    }
    assert used.manage("backup", str(tmp_path / "copy"), **url).returncode == 0
    write(elsewhere, "since")
    done = used.manage("restore", str(tmp_path / "copy"), "--only", "alpha", **url)
    assert done.returncode == 0, done.stderr
    assert rows(elsewhere) == ["alpha before", "restored"]


def test_who_has_the_database_open_besides_is_in_the_way_and_the_service_starts_again(
    used: Checkout, backed_up: Path
) -> None:
    with connect(file_of(used, "alpha")) as stranger:
        stranger.execute("SELECT * FROM rows").fetchall()
        done = used.manage("restore", str(backed_up), "--only", "alpha")
    assert done.returncode == 1
    assert "Another program has" in done.stderr
    assert rows(file_of(used, "alpha")) == ["alpha before", "alpha since"]
    assert used.status()["alpha"]["healthy"]


def test_with_no_database_there_is_nothing_to_back_up(checkout: Checkout, tmp_path: Path) -> None:
    done = checkout.manage("backup", str(tmp_path / "copy"))
    assert (done.returncode, "There is no SQLite database yet" in done.stderr) == (1, True)
    assert not (tmp_path / "copy").exists()


DYING = """
import os, sys
from pathlib import Path
from types import SimpleNamespace
from launcher.run import restore

left, file = int(sys.argv[1]), Path(sys.argv[2])

def trace(frame, event, _):
    global left
    if not frame.f_code.co_filename.endswith(("launcher/run/restore.py", "launcher/run/databases.py")):
        return None
    if event == "line":
        left -= 1
        if left < 0:
            os._exit(9)
    return trace

sys.settrace(trace)
service = SimpleNamespace(name="alpha")
restore._put_in_place(restore.Restored(service, file, file.with_name("alpha.sqlite3.restoring")))
"""


@pytest.mark.parametrize("damaged", [False, True])
def test_whatever_line_it_dies_at_there_is_one_whole_database(tmp_path: Path, damaged: bool) -> None:
    line, ended = 0, 9
    while ended == 9:
        folder = tmp_path / str(line)
        folder.mkdir()
        file, copy = folder / "alpha.sqlite3", folder / "alpha.sqlite3.restoring"
        for path, what in ((file, "former"), (copy, "restored")):
            with connect(path) as database:
                database.execute("CREATE TABLE rows (row)")
                database.execute("INSERT INTO rows VALUES (?)", [what])
        code = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        code += "c.executescript('PRAGMA journal_mode=WAL; INSERT INTO rows VALUES (2)'); os._exit(0)"
        subprocess.run(["python3", "-c", code, str(file)], check=True)  # leaves its -wal, as a killed service does
        if damaged:
            file.write_bytes(b"nothing that SQLite knows" * 400)
        ended = subprocess.run([sys.executable, "-c", DYING, str(line), str(file)], cwd=ROOT, check=False).returncode
        assert ended in (0, 9)
        if not (damaged and ended == 9 and copy.exists()):
            assert rows(file) in (["former", 2], ["restored"])
        line += 1
    assert rows(file) == ["restored"]
    assert line > 10
