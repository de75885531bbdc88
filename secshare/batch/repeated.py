"""What rows of one manifest have in common that they should not: a document, an address."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from secshare import profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from secshare.store.spool import Spool

__all__ = ["Repeated"]

_BYTES: Final = 12
"""Of a digest that stands for a value: a million of them and their pairs are no chance at all."""

_TABLES: Final = (
    "CREATE TABLE sent (what BLOB, row INTEGER, PRIMARY KEY (what, row)) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE reached (
        what BLOB, name TEXT, row INTEGER, field TEXT, PRIMARY KEY (what, name, row)
    ) STRICT, WITHOUT ROWID
    """,
)


class Repeated:
    """Notes what each row sends and reaches, a batch of rows at a time, and finds what repeats.

    Each table lies in the order in which it is searched: nothing is sorted, so that a million rows
    take no more memory than a thousand.
    """

    def __init__(self, spool: Spool) -> None:
        self._connection = spool.connection
        self._sent: list[tuple[bytes, int]] = []
        self._reached: list[tuple[bytes, str, int, str]] = []
        for statement in _TABLES:
            self._connection.execute(statement)

    def send(self, row: int, path: str, recipient: str) -> None:
        """Note that a row sends a file to somebody, by whatever tells them from anybody else."""
        self._sent.append((_digest(path, recipient), row))

    def reach(self, row: int, field: str, contact: str, name: str) -> None:
        """Note that a row reaches somebody of this folded name at an address, or by a number."""
        self._reached.append((_digest(field, contact), name, row, field))

    def write(self) -> None:
        """Write what was noted."""
        self._connection.executemany("INSERT INTO sent VALUES (?, ?)", sorted(self._sent))
        self._connection.executemany(
            "INSERT INTO reached VALUES (?, ?, ?, ?)", sorted(self._reached)
        )
        self._sent.clear()
        self._reached.clear()

    def twice(self) -> Iterator[tuple[int, int]]:
        """Yield each row that sends what an earlier one sends to the same person, and that one."""
        groups = self._connection.execute(
            "SELECT what, min(row) AS first FROM sent GROUP BY what HAVING count(*) > 1"
        )
        for group in groups:
            rows = self._connection.execute(
                "SELECT row FROM sent WHERE what = ? AND row > ?", (group["what"], group["first"])
            )
            yield from ((row["row"], group["first"]) for row in rows)

    def dragged(self) -> Iterator[tuple[int, str, int]]:
        """Yield the rows of each contact that too many families share: row, field, how many rows.

        A column that was dragged down in a spreadsheet gives everybody below the address of one.
        """
        groups = self._connection.execute(
            "SELECT what, field, count(*) AS rows FROM reached GROUP BY what"
            " HAVING count(*) >= ? AND min(name) <> max(name)",
            (profiles.MANIFEST_SHARED,),
        )
        for group in groups:
            if not _are_families(self._names(group["what"])):
                continue
            found = self._connection.execute(
                "SELECT row FROM reached WHERE what = ?", (group["what"],)
            )
            yield from ((row["row"], group["field"], group["rows"]) for row in found)

    def _names(self, what: bytes) -> Iterator[str]:
        names = self._connection.execute("SELECT name FROM reached WHERE what = ?", (what,))
        return (row["name"] for row in names)


def _are_families(names: Iterable[str]) -> bool:
    """Return whether folded names are of `profiles.MANIFEST_SHARED` families or more.

    Of one family are those who have a word in common, whichever part of the name it is. What a
    family has in common narrows with each of its names, down to the family name.
    """
    families: list[set[str]] = []
    for name in names:
        words = set(name.split())
        for place, common in enumerate(families):
            if shared := common & words:
                families[place] = shared
                break
        else:
            families.append(words)
            if len(families) >= profiles.MANIFEST_SHARED:
                return True
    return False


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=_BYTES).digest()
