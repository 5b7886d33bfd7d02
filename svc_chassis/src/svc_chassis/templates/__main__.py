"""`python -m svc_chassis.templates NAME FOLDER --event TYPE`: fill `service/` in, into an empty folder.

What `django-admin startproject --template` does, with two variables more: `event` and `handler`.
"""

import argparse
import re
from pathlib import Path

from django.core.management import call_command
from django.core.management.commands import startproject


class NewService(startproject.Command):
    stealth_options = ("event", "handler")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m svc_chassis.templates", description=__doc__)
    parser.add_argument("name", help="of the service and its package")
    parser.add_argument("folder", help="where manage.py goes")
    parser.add_argument("--event", required=True, help="the contract that the service handles first")
    given = parser.parse_args()
    handler = "on" + re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", given.event)
    template = str(Path(__file__).parent / "service")
    names = {"event": given.event, "handler": handler}
    call_command(NewService(), given.name, given.folder, template=template, **names)


if __name__ == "__main__":
    main()
