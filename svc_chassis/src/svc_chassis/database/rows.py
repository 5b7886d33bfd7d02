"""One statement for many rows. `executemany` runs one per row, and SQLite gives the interpreter lock away in each: in a
busy process every row then waits for it, 2 ms in place of 0.1, with the database locked."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.db.backends.utils import CursorWrapper

MOST = 500
"""rows of one statement: databases bound the parameters"""


def execute_rows(cursor: CursorWrapper, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run `statement`, whose `{rows}` stands for the rows, for all of them; not at all without rows."""
    left = iter(rows)
    while together := list(islice(left, MOST)):
        row = f"({', '.join(['%s'] * len(together[0]))})"
        cursor.execute(
            statement.replace("{rows}", ", ".join([row] * len(together))), list(chain.from_iterable(together))
        )
