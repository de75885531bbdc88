"""The shares that a journal answers for without holding their entries: how many, and their digest.

They are from before the journal, or their entries were cut. `begun` and `cut` hold their number and
one digest over all of them: that of the canonical list of [reference, states] in the order of the
references, hashed one by one, whatever their number. Beside it stand the sealed words that are kept
and of which no entry that stays holds the SHA-256: [reference, SHA-256] one by one, since each of
them is destroyed at its own time.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from secshare.register.entries import canonical

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

__all__ = ["COLUMNS", "adopted", "digest", "told_row"]

COLUMNS: Final = "file, file_known, secret, secret_known"
"""The columns of `share` that `told_row` takes."""

_ROWS: Final = f"SELECT reference, {COLUMNS} FROM share WHERE status = 'prepared'"  # noqa: S608 - our own names


@lru_cache(maxsize=256)
def told_row(file: str, file_known: int, secret: str | None, secret_known: int) -> bytes:
    """Return the states in a row as the bytes that an entry holds, whatever stands in the row."""
    return canonical([file, _known(file_known), secret, _known(secret_known)])


def _known(column: int) -> bool | str:
    """Return 1 as true and 0 as false; another number, which nothing wrote, is like no states."""
    return bool(column) if column in {0, 1} else str(column)


def digest(shares: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """Return what an entry says of shares: `shares`, their number, and `shares_sha256`.

    Args:
        shares: reference and states, as `told_row` tells them, in the order of the references.
    """
    hashed, count = hashlib.sha256(b"["), 0
    for reference, states in shares:
        named = json.dumps(reference, ensure_ascii=False).encode("utf-8", "surrogatepass")
        hashed.update(b"%b[%b,%b]" % (b"," if count else b"", named, states))
        count += 1
    hashed.update(b"]")
    return {"shares": count, "shares_sha256": hashed.hexdigest()}


def adopted(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what a journal says of the shares and the words of which it holds no other entry."""
    rows = connection.execute(_ROWS + _UNTOLD + " ORDER BY reference")
    told = digest((row[0], told_row(*tuple(row)[1:])) for row in rows)
    return told | {
        "words_kept_sha256": [
            [row[0], hashlib.sha256(row[1]).hexdigest()] for row in connection.execute(_WORDS)
        ]
    }


_UNTOLD: Final = """ AND NOT EXISTS (SELECT 1 FROM entry
    WHERE entry.reference = share.reference
    AND instr(body, CAST('"states":[' AS BLOB)))"""


_WORDS: Final = """SELECT reference, blob FROM sealed_words WHERE NOT EXISTS (SELECT 1 FROM entry
    WHERE entry.reference = sealed_words.reference
    AND instr(body, CAST('"words_sha256":"' AS BLOB))) ORDER BY reference"""
