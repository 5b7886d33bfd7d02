#!/usr/bin/env python3
"""The door: launches, watches and tests all of Blogbus on one machine. Try `python3 manage_all.py --help`."""

import shutil
import sys

NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def main() -> int:
    # What stands in this file must parse on the old Pythons that it turns away.
    if sys.version_info < (3, 11):  # noqa: UP036
        found = next(filter(shutil.which, NEWER), None)
        sys.stderr.write(f"  x Blogbus needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n")
        cure = " ".join([found, *sys.argv]) if found else "install it, then: python3.11 " + " ".join(sys.argv)
        sys.stderr.write(f"    {cure}\n")
        return 1
    from launcher.cli import main as launch

    return launch(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
