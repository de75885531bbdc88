"""What a manifest asks for, as the spool holds it: its shares by number, its errors by place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from secshare import errors
from secshare.batch.wanted import Wanted
from secshare.recipients.table import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secshare.store.spool import Spool

__all__ = [
    "add_problems",
    "add_shares",
    "begin",
    "count_problems",
    "every",
    "numbers",
    "problems",
    "wanted",
]

_TABLES = (
    "CREATE TABLE share (number INTEGER PRIMARY KEY, wanted TEXT NOT NULL) STRICT",
    # In the order in which they are told: by row, then by column.
    """
    CREATE TABLE problem (
        row INTEGER NOT NULL,
        place INTEGER NOT NULL,
        error TEXT NOT NULL,
        key TEXT NOT NULL,
        fields TEXT NOT NULL,
        named TEXT,
        PRIMARY KEY (row, place, key)
    ) STRICT, WITHOUT ROWID
    """,
)


def begin(spool: Spool) -> None:
    """Make the tables of an empty spool."""
    with spool.together() as connection:
        for statement in _TABLES:
            connection.execute(statement)


# --- shares -------------------------------------------------------------------------------------


def add_shares(spool: Spool, shares: Iterable[Wanted]) -> None:
    """Add shares, in the order of the manifest."""
    spool.connection.executemany(
        "INSERT INTO share VALUES (?, ?)", ((each.number, each.dumps()) for each in shares)
    )


def wanted(spool: Spool, number: int) -> Wanted:
    """Return the share whose first row has this number.

    Raises:
        KeyError: no share begins there; a fault of the caller's.
    """
    row = spool.connection.execute(
        "SELECT wanted FROM share WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        raise KeyError(number)
    return Wanted.loads(row["wanted"])


def numbers(spool: Spool, after: int, limit: int) -> list[int]:
    """Return the first rows of the next shares, in order: at most `limit`, none at the end.

    Args:
        after: the number of the last share there was; 0 to begin.
    """
    rows = spool.connection.execute(
        "SELECT number FROM share WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
    )
    return [row["number"] for row in rows.fetchall()]


def every(spool: Spool) -> Iterator[Wanted]:
    """Yield every share, in order."""
    rows = spool.connection.execute("SELECT wanted FROM share ORDER BY number")
    return (Wanted.loads(row["wanted"]) for row in rows)


# --- errors -------------------------------------------------------------------------------------


def add_problems(spool: Spool, found: Iterable[tuple[int, Problem]]) -> None:
    """Add errors, each with the place of its column; the same one of a cell counts once."""
    spool.connection.executemany(
        "INSERT OR IGNORE INTO problem VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                each.row,
                place,
                type(each.error).__name__,
                each.error.key,
                json.dumps(each.error.fields, ensure_ascii=False, default=str),
                each.column,
            )
            for place, each in found
        ),
    )


def count_problems(spool: Spool) -> int:
    """Return how many errors there are."""
    count: int = spool.connection.execute("SELECT count(*) FROM problem").fetchone()[0]
    return count


def problems(spool: Spool, limit: int) -> Sequence[Problem]:
    """Return the first errors, by row and column."""
    rows = spool.connection.execute("SELECT * FROM problem ORDER BY row, place LIMIT ?", (limit,))
    return [
        Problem(
            row["row"],
            row["named"],
            getattr(errors, row["error"])(row["key"], **json.loads(row["fields"])),
        )
        for row in rows.fetchall()
    ]
