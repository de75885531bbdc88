"""The shares that a journal answers for without holding their entries: how many, and their digest.

They are from before the journal, or their entries were cut. `begun` and `cut` hold their number and
one digest over all of them: that of the canonical list of [reference, states] in the order of the
references, read and hashed one by one, whatever their number.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from secshare.register.entries import canonical

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

__all__ = ["ROWS", "adopted", "digest", "row_states"]

ROWS: Final = """SELECT reference, file, file_known, secret, secret_known FROM share
    WHERE status = 'prepared'"""
"""What `row_states` reads; more of a WHERE and an ORDER may follow."""


def row_states(row: sqlite3.Row) -> list[Any]:
    """Return the states in a row of `ROWS` as an entry holds them, whatever stands there."""
    _, file, file_known, secret, secret_known = row
    return [file, _known(file_known), secret, _known(secret_known)]


def _known(column: object) -> object:
    """Return 1 as true and 0 as false; another number, which nothing wrote, is like no states."""
    return bool(column) if column in {0, 1} else column


def digest(shares: Iterable[tuple[str, list[Any]]]) -> dict[str, Any]:
    """Return what an entry says of shares: `shares`, their number, and `shares_sha256`.

    Args:
        shares: reference and states, in the order of the references.
    """
    hashed, count = hashlib.sha256(b"["), 0
    for reference, states in shares:
        hashed.update((b"," if count else b"") + canonical([reference, states]))
        count += 1
    hashed.update(b"]")
    return {"shares": count, "shares_sha256": hashed.hexdigest()}


def adopted(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what the first entry of a journal says of the shares that are there already."""
    rows = connection.execute(f"{ROWS} ORDER BY reference")
    return digest((row["reference"], row_states(row)) for row in rows)
