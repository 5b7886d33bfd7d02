"""Stands in for a service's manage.py: `migrate` leaves a file."""

import sys
from pathlib import Path

if __name__ == "__main__" and sys.argv[1:] == ["migrate", "--noinput"]:
    Path("migrated").touch()
