"""Stands in for a service's manage.py: `migrate` leaves a file, `after_restore` a row in the database."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

if __name__ == "__main__" and sys.argv[1:] == ["migrate", "--noinput"]:
    Path("migrated").touch()
if __name__ == "__main__" and sys.argv[1:] == ["after_restore"]:
    if os.environ.get("STAND_IN") == "refuses":
        sys.exit("CommandError: The backup was made by a later release.")
    with closing(sqlite3.connect(unquote(os.environ["DATABASE_URL"].removeprefix("sqlite:///")))) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("INSERT INTO rows VALUES ('restored')")
