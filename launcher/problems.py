"""The one way in which a command fails: what is wrong, and what to do about it."""


class Problem(Exception):
    """Something a person must know, with its cure; printed without a traceback."""

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure


class Interrupted(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, a closed terminal)."""
