"""What rows of one manifest have in common that they should not: a document, an address."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare import profiles
from secshare.batch.listed import Listed
from secshare.model import Finding, Road, Severity
from secshare.recipients import fold
from secshare.recipients.matching import name_key
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from secshare.batch.wanted import Wanted
    from secshare.recipients import Directory
    from secshare.sharing import Addressed
    from secshare.store.spool import Spool

__all__ = ["Repeated", "shared"]

_BYTES: Final = 12
"""Of a digest that stands for a value: a million of them and their pairs are no chance at all."""

_TABLES: Final = (
    "CREATE TABLE sent (what BLOB, row INTEGER, PRIMARY KEY (what, row)) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE reached (
        what BLOB, name TEXT, born TEXT, row INTEGER, field TEXT,
        PRIMARY KEY (what, name, born, row)
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
        self._reached: list[tuple[bytes, str, str, int, str]] = []
        for statement in _TABLES:
            self._connection.execute(statement)

    def send(self, row: int, path: str, recipient: str) -> None:
        """Note that a row sends a file to somebody, by whatever tells them from anybody else."""
        self._sent.append((_digest(path, recipient), row))

    def reach(self, row: int, name: str, born: date | None, contacts: dict[str, str]) -> None:
        """Note by which contacts, an address and a number by field, a row reaches somebody."""
        folded, day = fold(name), born.isoformat() if born else ""
        for field, contact in _spelt(contacts):
            self._reached.append((_digest(field, contact), folded, day, row, field))

    def write(self) -> None:
        """Write what was noted."""
        self._connection.executemany("INSERT INTO sent VALUES (?, ?)", sorted(self._sent))
        self._connection.executemany(
            "INSERT INTO reached VALUES (?, ?, ?, ?, ?)", sorted(self._reached)
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


class _Other(NamedTuple):
    """Somebody else whom a contact of a row reaches, with the first row that says so."""

    name: str
    born: str
    row: int


def shared(
    spool: Spool, directory: Directory, wanted: Wanted, addressed: Addressed
) -> tuple[Finding, ...]:
    """Return what asks where a row's address or number is also given to somebody else's row.

    Two or three rows are no column that slipped, which the whole manifest would be refused for: a
    couple has one address, and so have two rows of which one cell was dragged down. People with a
    part of the name in common share an address unasked; both contacts, and who has them opens what
    was meant for the other. Who stands in the directory with this contact is told of by it, until
    that was answered.
    """
    if wanted.name is None or wanted.email is None:
        return ()
    contacts = {"email": wanted.email} | ({"phone": wanted.phone} if wanted.phone else {})
    sought = {field: _digest(field, contact) for field, contact in _spelt(contacts)}
    if _is_alone(spool, wanted.number, *sought.values()):
        return ()
    name, born = fold(wanted.name), wanted.birth_date.isoformat() if wanted.birth_date else ""
    found = {
        field: {each for each in _reached(spool, what) if not _is_same(each, name, born)}
        for field, what in sought.items()
    }
    if not any(found.values()):
        return ()
    known = {
        name_key(each.other.name) for each, _ in directory.shared_contacts(addressed.recipient)
    }
    return tuple(_findings(found, wanted, known, by_phone=addressed.road in {Road.SMS, Road.PHONE}))


def _findings(
    found: dict[str, set[_Other]], wanted: Wanted, known: set[str], *, by_phone: bool
) -> Iterator[Finding]:
    """Yield one finding for all those who have the same contacts in common with a row."""
    mine = set(fold(wanted.name or "").split())
    by_which: dict[str, list[int]] = {}
    people: dict[tuple[str, str], dict[str, int]] = {}
    for field, others in found.items():
        for each in others:
            if name_key(each.name) not in known:
                people.setdefault((each.name, each.born), {})[field] = each.row
    for (name, _), fields in people.items():
        which = "both" if len(fields) > 1 else next(iter(fields))
        if (which == "both" and by_phone) or not mine & set(name.split()):
            by_which.setdefault(which, []).append(min(fields.values()))
    for which, rows in by_which.items():
        roads = which == "both" and by_phone
        yield Finding(
            "both-roads" if roads else "shared-contact",
            Severity.CONFIRM,
            "guard.both_roads" if roads else f"guard.shared_{which}",
            {"rows": Listed(tuple(sorted({wanted.number, *rows})))},
        )


def _is_alone(spool: Spool, number: int, what: bytes, other: bytes = b"") -> bool:
    """Return whether no other row has any of two contacts: nearly always, and in one step."""
    row = spool.connection.execute(
        "SELECT 1 FROM reached WHERE what IN (?, ?) AND row <> ? LIMIT 1", (what, other, number)
    ).fetchone()
    return row is None


def _reached(spool: Spool, what: bytes) -> Iterator[_Other]:
    """Yield the people whom a contact reaches, each by one step in the order of the table.

    Somebody may have a thousand rows. Of one family's list, the first are enough.
    """
    name = born = ""
    for _ in range(profiles.MANIFEST_REACHED):
        row = spool.connection.execute(
            "SELECT name, born, row FROM reached WHERE what = ? AND (name, born) > (?, ?)"
            " ORDER BY name, born, row LIMIT 1",
            (what, name, born),
        ).fetchone()
        if row is None:
            return
        name, born = row["name"], row["born"]
        yield _Other(name, born, row["row"])


def _is_same(other: _Other, name: str, born: str) -> bool:
    """Return whether two rows may be one person's: the same name, no birth date against it."""
    return name_key(other.name) == name_key(name) and len({other.born, born} - {""}) < 2


def _spelt(contacts: dict[str, str]) -> Iterator[tuple[str, str]]:
    for field, contact in contacts.items():
        yield field, lowered(contact) if field == "email" else contact


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
